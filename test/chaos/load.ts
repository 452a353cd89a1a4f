import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../simulation/dice.js';
import type { RoundRobin } from './round-robin.js';

export interface Load {
  /** Lets the requests under way end. */
  stop(): Promise<void>;
}

const CLIENTS = 5;
const LONGEST_PAUSE_MS = 500;
/** Created jobs with slots of their own are deleted again, above this number. */
const MOST_DUE_JOBS = 3;
const MOST_JOBS = 40;
/** FerretDB scans a whole collection for a few rows: more jobs would only test that. */
const CREATING = 0.2;

/**
 * Clients that write and read independently, so that they also contend for the same job.
 * @param everySecond a job that is disabled and enabled
 */
export function startLoad(client: RoundRobin, dice: Dice, everySecond: string): Load {
  /** Created, and not deleted by an acknowledged delete. */
  const jobs: string[] = [];
  const dueJobs: string[] = [];
  let stopped = false;
  let turn = 0;

  async function create(cron_expression: string, into: string[]): Promise<void> {
    const job = { name: `created ${turn}`, cron_expression, timeout_seconds: 20 };
    const { status, answer } = await client.send('POST', '', job);
    if (status === 201) into.push(answer.id);
  }

  async function remove(from: string[]): Promise<void> {
    const [cronId] = from.splice(Math.floor(dice.random() * from.length), 1);
    if (cronId === undefined) return;
    const { status } = await client.send('DELETE', `/${cronId}`);
    // It may still exist; it is kept for another try.
    if (status !== 200 && status !== 404) from.push(cronId);
  }

  async function act(): Promise<unknown> {
    const number = ++turn;
    if (jobs.length === 0) return create('0 2 1 1 *', jobs);
    if (jobs.length > MOST_JOBS) return remove(jobs);
    if (dueJobs.length > MOST_DUE_JOBS) return remove(dueJobs);
    const job = dice.oneOf(jobs);
    const rename = () => client.send('PUT', `/${job}`, { name: `renamed ${number}` });
    // Each change has a name of its own, so it is never one that changes nothing.
    const changes = [
      () => (dice.chance(CREATING) ? create('0 2 1 1 *', jobs) : rename()),
      () => (dice.chance(CREATING) ? create('*/4 * * * * *', dueJobs) : rename()),
      rename,
      () => client.send('POST', `/${job}/execute`, { dry_run: dice.chance(0.3) }),
      () => client.send('PUT', `/${everySecond}`, { name: `switched ${number}`, enabled: dice.chance(0.6) }),
      () => (dice.chance(CREATING) ? remove(jobs) : rename()),
    ];
    const reads = ['', `/${job}`, `/${everySecond}/runs`, '/leader'];
    return dice.chance(0.6) ? dice.oneOf(changes)() : client.send('GET', dice.oneOf(reads));
  }

  async function beOneClient(): Promise<void> {
    while (!stopped) {
      await act();
      await pause(LONGEST_PAUSE_MS * dice.random());
    }
  }

  const clients = Array.from({ length: CLIENTS }, beOneClient);
  return {
    async stop() {
      stopped = true;
      await Promise.all(clients);
    },
  };
}
