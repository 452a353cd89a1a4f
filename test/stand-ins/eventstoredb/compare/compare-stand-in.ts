/**
 * Sends the same random operations to a fresh stand-in and to a real EventStoreDB, and shows where their answers differ.
 * Exits with 1 when they do, and with 2 without a server.
 * npm run compare-stand-in -- --url 'esdb://localhost:2113?tls=false' --operations 5000 --seed 7
 */
import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { askEventstore } from '../../../servers/ask-servers.js';
import { bounded, reasonOf } from '../../../servers/bounded.js';
import { type Kept, obtainServer } from '../../../servers/obtain-server.js';
import { serverPlans } from '../../../servers/server-plans.js';
import { startEventStore } from '../start-event-store.js';
import { compareServers } from './compare-servers.js';
import { openComparedServer } from './compared-server.js';
import { comparisonLines } from './comparison-lines.js';

interface Options {
  url?: string;
  operations: number;
  seed: number;
}

const PROGRESS_EACH = 200;
const ANSWERS_WITHIN_MS = 10_000;
const WITHOUT_A_SERVER = 2;

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
};

const options = new Command('compare-stand-in')
  .option('--url <url>', 'the server; without it that of EVENTSTORE_URL, or one by Docker')
  .option('--operations <count>', 'how many operations', whole, 2_000)
  .option('--seed <seed>', 'what is drawn by lot', whole, (Date.now() % 1e6) + 1)
  .parse()
  .opts<Options>();

const say = (text: string): boolean => process.stderr.write(`${text}\n`);

async function serverOf({ url }: Options): Promise<Kept> {
  if (url === undefined) return obtainServer(serverPlans.eventstore);
  return { obtained: { kind: 'ready', url, via: 'given' }, stop: () => Promise.resolve() };
}

async function compareWith(url: string): Promise<number> {
  const { operations, seed } = options;
  await bounded('the server', ANSWERS_WITHIN_MS, askEventstore(url));
  const mark = `compare-${randomUUID().slice(0, 8)}-`;
  const fresh = await startEventStore();
  const standIn = openComparedServer(fresh.connectionString, mark);
  const server = openComparedServer(url, mark);
  say(`comparing, seed ${seed}; the names of all streams begin with ${mark}`);
  try {
    const comparison = await compareServers({
      standIn,
      server,
      operations,
      seed,
      onProgress: (performed, differences) => {
        if (performed % PROGRESS_EACH === 0) say(`${performed} of ${operations}, ${differences} differ`);
      },
    });
    for (const line of comparisonLines(comparison, { operations, seed })) process.stdout.write(`${line}\n`);
    return comparison.differences.length > 0 ? 1 : 0;
  } finally {
    await Promise.all([standIn.close(), server.close()]);
    fresh.close();
  }
}

const { obtained, stop } = await serverOf(options);
let code = WITHOUT_A_SERVER;
try {
  if (obtained.kind === 'missing') say(`NO EventStoreDB: ${obtained.reason}; name one by --url`);
  else code = await compareWith(obtained.url);
} catch (error) {
  say(`the comparison broke off: ${reasonOf(error)}`);
} finally {
  await stop();
}
// Leftovers of a client must not keep this process alive.
process.exit(code);
