/**
 * Three real processes on one log, killed, stopped, stalled and restarted under load; then the whole history is checked
 * against the promises. Exits with 1 when one was broken.
 * npm run chaos -- --rounds 50 --seed 7 --kinds kill-slow,kill-fast --event-log eventstore
 */
import { spawnSync } from 'node:child_process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { reasonOf } from '../servers/bounded.js';
import { startServers } from '../servers/start-servers.js';
import { sayServers } from '../servers/say-servers.js';
import { faultKinds, kindsWith, type FaultKind } from './fault-kinds.js';
import { startLogServer } from './log-server.js';
import { runChaos } from './run-chaos.js';
import { summary } from './summary.js';

const KINDS = Object.keys(faultKinds) as FaultKind[];
const BESIDE_THE_LOG = ['kafka', 'mongodb'] as const;

interface Options {
  rounds: number;
  seed: number;
  kinds: FaultKind[] | undefined;
  lease: number;
  eventLog: 'embedded' | 'eventstore';
  embedded: boolean;
}

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
};

const someKinds = (text: string): FaultKind[] => {
  const given = text.split(',') as FaultKind[];
  if (given.some((kind) => !KINDS.includes(kind)))
    throw new InvalidArgumentError(`must be some of ${KINDS.join(',')}`);
  return given;
};

const command = new Command('chaos')
  .option('--rounds <count>', 'how many times something happens to the instances', whole, 20)
  .option(
    '--seed <seed>',
    'what is drawn by lot; the processes still run in real time',
    whole,
    Date.now() % 1e6,
  )
  .option(
    '--kinds <kinds>',
    `only these kinds of rounds, of ${KINDS.join(',')} (default: all that this log can suffer)`,
    someKinds,
  )
  .option('--lease <ms>', 'LEASE_MS of the instances', whole, 1_500)
  .addOption(
    new Option(
      '--event-log <log>',
      'eventstore: of EVENTSTORE_URL, else by Docker, else the stand-in, which alone suffers faults itself',
    )
      .choices(['embedded', 'eventstore'])
      .default('embedded'),
  )
  .option('--embedded', 'without Kafka and MongoDB, also where they can be had', false)
  .parse();
const { rounds, seed, kinds, lease, eventLog, embedded } = command.opts<Options>();

const say = (text: string): boolean => process.stderr.write(`${text}\n`);
// Ends the instances too, see fleet.ts.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const logServer =
  eventLog === 'embedded'
    ? undefined
    : await startLogServer().catch((error: unknown) => command.error(`error: ${reasonOf(error)}`));
if (logServer !== undefined) say(`event log at ${logServer.url} (${logServer.via})`);
const possible = kindsWith(logServer?.standIn);
const impossible = (kinds ?? []).filter((kind) => !possible.includes(kind));
if (impossible.length > 0) {
  await logServer?.stop();
  command.error(
    `error: ${impossible.join(',')} needs the stand-in for EventStoreDB: no other log fails on command. ` +
      `This one (${logServer?.via ?? 'embedded'}) can suffer ${possible.join(',')}`,
  );
}

const servers = embedded ? undefined : await startServers(BESIDE_THE_LOG);
if (servers === undefined) say('embedded read models, registry and bus');
else sayServers(servers, BESIDE_THE_LOG);
const urlOf = (server: 'kafka' | 'mongodb'): string | undefined =>
  servers?.[server].kind === 'ready' ? servers[server].url : undefined;
const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) say('kcat is not installed: Kafka is used, but its topics are NOT COMPARED with the log');

try {
  const chaos = await runChaos({
    rounds,
    seed,
    kinds: kinds ?? possible,
    leaseMs: lease,
    logServer,
    brokers: urlOf('kafka'),
    mongodb: urlOf('mongodb'),
    readsTopics: hasKcat,
    onProgress: say,
  });
  const again = [
    `npm run chaos -- --rounds ${rounds} --seed ${seed}`,
    ...(kinds === undefined ? [] : [`--kinds ${kinds.join(',')}`]),
    `--lease ${lease}`,
    ...(eventLog === 'embedded' ? [] : [`--event-log ${eventLog}`]),
    ...(embedded ? ['--embedded'] : []),
  ].join(' ');
  for (const line of summary(chaos, { rounds, leaseMs: lease, again })) process.stdout.write(`${line}\n`);
  process.exitCode = chaos.violations.length > 0 ? 1 : 0;
} finally {
  await servers?.stop();
  await logServer?.stop();
}
// Leftovers of the servers must not keep this process alive.
process.exit();
