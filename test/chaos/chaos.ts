/**
 * Three real processes on one log, killed, stopped, stalled and restarted under load; then the whole history is checked
 * against the promises. Exits with 1 when one was broken.
 * npm run chaos -- --rounds 50 --seed 7 --kinds kill-slow,kill-fast
 */
import { spawnSync } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { startServers } from '../servers/start-servers.js';
import { sayServers } from '../servers/say-servers.js';
import { faults, type FaultKind } from './faults.js';
import { runChaos } from './run-chaos.js';
import { summary } from './summary.js';

const KINDS = Object.keys(faults) as FaultKind[];

interface Options {
  rounds: number;
  seed: number;
  kinds: FaultKind[];
  lease: number;
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

const { rounds, seed, kinds, lease, embedded } = new Command('chaos')
  .option('--rounds <count>', 'how many times something happens to the instances', whole, 20)
  .option(
    '--seed <seed>',
    'what is drawn by lot; the processes still run in real time',
    whole,
    Date.now() % 1e6,
  )
  .option('--kinds <kinds>', `only these kinds of rounds, of ${KINDS.join(',')}`, someKinds, KINDS)
  .option('--lease <ms>', 'LEASE_MS of the instances', whole, 1_500)
  .option('--embedded', 'without Kafka and MongoDB, also where they can be had', false)
  .parse()
  .opts<Options>();

const say = (text: string): boolean => process.stderr.write(`${text}\n`);
// Ends the instances too, see fleet.ts.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const servers = embedded ? undefined : await startServers();
if (servers === undefined) say('embedded read models, registry and bus');
else sayServers(servers);
const urlOf = (server: 'kafka' | 'mongodb'): string | undefined =>
  servers?.[server].kind === 'ready' ? servers[server].url : undefined;
const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) say('kcat is not installed: Kafka is used, but its topics are NOT COMPARED with the log');

try {
  const chaos = await runChaos({
    rounds,
    seed,
    kinds,
    leaseMs: lease,
    brokers: urlOf('kafka'),
    mongodb: urlOf('mongodb'),
    readsTopics: hasKcat,
    onProgress: say,
  });
  const chosen = kinds.length < KINDS.length ? ` --kinds ${kinds.join(',')}` : '';
  const again = `npm run chaos -- --rounds ${rounds} --seed ${seed}${chosen} --lease ${lease}${embedded ? ' --embedded' : ''}`;
  for (const line of summary(chaos, { rounds, leaseMs: lease, again })) process.stdout.write(`${line}\n`);
  process.exitCode = chaos.violations.length > 0 ? 1 : 0;
} finally {
  await servers?.stop();
}
// Leftovers of the servers must not keep this process alive.
process.exit();
