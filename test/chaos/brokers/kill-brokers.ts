/**
 * A cluster of three Kafka brokers, one of which is killed and brought back again and again, under two services at work;
 * then everything is held against the promises. Exits with 1 when one was broken.
 * npm run kill-brokers -- --minutes 5 --every 10 --seed 7
 */
import { Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../../servers/bounded.js';
import { startLocalKafkaCluster } from '../../servers/local-kafka-cluster.js';
import { timed } from '../../servers/progress.js';
import { brokerSummary } from './broker-summary.js';
import { runBrokerChaos } from './run-broker-chaos.js';

const LONGEST_WORKER_LIFE_MS = 12_000;

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
};

const command = new Command('kill-brokers')
  .option('--minutes <count>', 'how long brokers are killed', whole, 5)
  .option('--every <seconds>', 'from one kill to the next', whole, 10)
  .option('--away <ms>', 'how long a broker stays away before it is started', whole, 1_000)
  .option(
    '--session <ms>',
    'how long nobody misses a broker that died; 9000 is the default of Kafka',
    whole,
    3_000,
  )
  .option(
    '--seed <seed>',
    'what is drawn by lot; the processes still run in real time',
    whole,
    Date.now() % 1e6,
  )
  .parse();
const { minutes, every, away, session, seed } =
  command.opts<Record<'minutes' | 'every' | 'away' | 'session' | 'seed', number>>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const cluster = await timed('three brokers', () => startLocalKafkaCluster(session)).catch((error: unknown) =>
  command.error(`error: no Kafka: ${reasonOf(error)}`),
);
try {
  const chaos = await runBrokerChaos({
    cluster,
    seed,
    kills: Math.ceil((60 * minutes) / every),
    everyMs: 1_000 * every,
    awayMs: away,
    longestWorkerLifeMs: LONGEST_WORKER_LIFE_MS,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  const again = `npm run kill-brokers -- --minutes ${minutes} --every ${every} --away ${away} --session ${session} --seed ${seed}`;
  for (const line of [...brokerSummary(chaos), `again: ${again}`]) process.stdout.write(`${line}\n`);
  process.exitCode = chaos.violations.length > 0 ? 1 : 0;
} finally {
  await cluster.stop();
}
// Leftovers of the brokers must not keep this process alive.
process.exit();
