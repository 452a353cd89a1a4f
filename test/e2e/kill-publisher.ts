import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killPublisher } from './publisher-kills.js';
import { startServers } from '../servers/start-servers.js';

/** `npm run kill-publisher -- --kills 100`: ends with 1 when a message is missing or out of order. */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' } } });
const kills = Number(values.kills);
const dataDir = mkdtempSync(join(tmpdir(), 'kill-publisher-'));
const servers = await startServers();
try {
  if (servers.kafka.kind === 'missing') throw new Error(`no Kafka: ${servers.kafka.reason}`);
  const result = await killPublisher({
    kills,
    brokers: servers.kafka.url,
    dataDir,
    onKill: (kill) => kill % 10 === 0 && process.stderr.write(`${kill} of ${kills} kills\n`),
  });
  const { inTheMiddle, events, missing, disordered, repeated } = result;
  process.stdout.write(
    `${kills} kills, ${inTheMiddle} of them while events were still to be published; ` +
      `${events} events: ${missing} missing, ${disordered} out of order, ${repeated} repeated\n`,
  );
  process.exitCode = missing + disordered === 0 ? 0 : 1;
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
