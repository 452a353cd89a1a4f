import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askKafka } from './ask-servers.js';
import { cachedFolder } from './cached-folder.js';
import { freePorts } from './free-ports.js';
import { kafkaSettings } from './kafka-settings.js';
import { folderOfServer, startLocalServer } from './local-server.js';
import { PROXIED_LISTENERS, proxiedListeners } from './obtained.js';
import { runCommand } from './run-command.js';
import type { Running, Way } from './way.js';

const VERSION = '4.1.1';
const POM = fileURLToPath(new URL('./kafka-pom.xml', import.meta.url));
const HOST = '127.0.0.1';
const FORMAT_AND_START = `
id=$1 properties=$2
shift 2
java "$@" kafka.tools.StorageTool format --standalone -t "$id" -c "$properties" &&
exec java "$@" kafka.Kafka "$properties"
`;

/** Apache Kafka from its jars in Maven's repository, in KRaft mode. */
export const localKafka: Way = {
  via: `local: Apache Kafka ${VERSION}`,
  async prepare() {
    const jars = await kafkaJars();
    return () => start(jars);
  },
};

/** The folder of its jars, fetched once. Rejects where they cannot be had. */
export async function kafkaJars(): Promise<string> {
  await runCommand(['java', '-version'], { withinMs: 20_000 });
  return cachedFolder({ name: `kafka-${VERSION}`, from: [POM] }, fetchJars);
}

async function fetchJars(folder: string): Promise<void> {
  await runCommand(
    [
      'mvn',
      '-q',
      '-B',
      '-f',
      POM,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${folder}`,
      '-DincludeScope=runtime',
    ],
    { withinMs: 300_000 },
  );
}

async function start(jars: string): Promise<Running> {
  const folder = folderOfServer();
  const [port = 0, controllerPort = 0, ...ports] = await freePorts(2 + 2 * PROXIED_LISTENERS);
  const proxied = proxiedListeners(ports, HOST);
  const plain = `${HOST}:${port}`;
  const settings: Record<string, string> = {
    ...kafkaSettings({
      plain: { bound: plain, advertised: plain },
      proxied: proxied.map(({ proxyPort, targetPort }) => ({
        bound: `${HOST}:${targetPort}`,
        advertised: `${HOST}:${proxyPort}`,
      })),
      controller: `${HOST}:${controllerPort}`,
    }),
    'controller.quorum.bootstrap.servers': `${HOST}:${controllerPort}`,
    'log.dirs': join(folder, 'data'),
  };
  const properties = join(folder, 'server.properties');
  writeProperties(properties, settings);
  const stop = await startLocalServer({
    name: 'Apache Kafka',
    command: [
      'sh',
      '-c',
      FORMAT_AND_START,
      'sh',
      clusterId(),
      properties,
      ...javaOptions({ folder, jars, heapMb: 512 }),
    ],
    folder,
    ask: () => askKafka(plain),
  });
  return { url: plain, proxied, stop };
}

export function writeProperties(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(file, lines.join(''));
}

/** Favours a quick start over throughput; quiet, and writes nothing outside its folder. */
export function javaOptions(place: { folder: string; jars: string; heapMb: number }): string[] {
  const { folder, jars, heapMb } = place;
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dlog4j2.level=WARN',
    `-Djava.io.tmpdir=${folder}`,
    '-cp',
    `${jars}/*`,
  ];
}

/** 16 bytes; the first letter is fixed, as an id that begins with a dash would be read as an option. */
export function clusterId(): string {
  return `A${randomBytes(16).toString('base64url').slice(1, 22)}`;
}
