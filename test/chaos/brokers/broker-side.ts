import { createDice, type Dice } from '../../simulation/dice.js';
import { eventually } from '../../support/eventually.js';
import { openChaosWorld, type ChaosWorld } from '../chaos-world.js';
import { checkAll, type Checked } from '../checks/check-all.js';
import { followLog, type FollowedLog } from '../follow-log.js';
import { createJobs } from '../jobs.js';
import { publishingHasBegun } from '../publishing-has-begun.js';
import { createRoundRobin, type RoundRobin } from '../round-robin.js';
import { settle, type Settled } from '../settle.js';

/** One service on the brokers: its instances on a log of their own, with jobs that come due every few seconds. */
export interface BrokerSide {
  world: ChaosWorld;
  followed: FollowedLog;
  client: RoundRobin;
  /** A job that is disabled and enabled by a load. */
  everySecond: string;
  topic: (name: string) => string;
}

export interface CheckedSide {
  settled: Settled;
  checked: Checked;
}

const LEASE_MS = 1_500;
const WELL_WITHIN_MS = 60_000;
/** Ids of runs are spread over the partitions of their topic. */
const PROBES = 12;
const PROBE_SECONDS = 120;

export async function openBrokerSide(options: {
  brokers: string;
  seed: number;
  /** How many are started; one more address is kept free where `spare`. */
  instances: number;
  spare: boolean;
  pace: 1 | 2;
  env?: Record<string, string>;
}): Promise<BrokerSide> {
  const { brokers, seed, instances, spare, pace, env = {} } = options;
  const dice: Dice = createDice(seed);
  const world = await openChaosWorld({
    dice,
    leaseMs: LEASE_MS,
    logServer: undefined,
    brokers,
    mongodb: undefined,
    instances: instances + (spare ? 1 : 0),
    env,
  });
  // The clocks are right: what goes wrong here are the brokers.
  world.calm();
  const { fleet, adapters, topicPrefix } = world;
  await Promise.all(Array.from({ length: instances }, (_, index) => fleet.start(index)));
  await fleet.leader();
  const client = createRoundRobin(fleet.addresses, {
    newId: () => dice.uuid(),
    anyUp: () => fleet.up().length > 0,
  });
  await publishingHasBegun(client, brokers, topicPrefix);
  const followed = followLog(adapters.log);
  const everySecond = await createJobs(client, pace);
  return { world, followed, client, everySecond, topic: (name) => `${topicPrefix}${name}` };
}

/**
 * Resolves when every instance says that its message bus is well, and runs that are started now are performed, by
 * nothing but what has lived through the faults.
 * @returns how long it took, milliseconds
 * @throws Error when it is not so in time
 */
export async function untilWell({ world, client, followed }: BrokerSide): Promise<number> {
  const began = performance.now();
  const { fleet } = world;
  await eventually(
    'the message bus of all instances is well',
    async () => {
      const well = await Promise.all(fleet.up().map((index) => isWell(fleet.addresses[index] ?? '')));
      return well.every(Boolean);
    },
    WELL_WITHIN_MS,
  );
  const job = { name: 'probe', cron_expression: '0 2 1 1 *', timeout_seconds: PROBE_SECONDS };
  const { answer } = await client.send('POST', '', { ...job, concurrency_policy: 'allow' });
  const runs = new Set<string>();
  for (let probe = 0; probe < PROBES; probe++) {
    const { answer: started } = await client.send('POST', `/${answer.id}/execute`, { dry_run: true });
    runs.add(started.run_id);
  }
  await eventually(
    `${PROBES} runs are performed`,
    () =>
      followed.seen.filter(
        ({ event: { type, data } }) =>
          type === 'RunCompleted' && runs.has(String(data.run_id)) && data.status === 'success',
      ).length === PROBES,
    WELL_WITHIN_MS,
  );
  return performance.now() - began;
}

async function isWell(address: string): Promise<boolean> {
  const response = await fetch(`${address}/readyz`);
  const { dependencies } = (await response.json()) as { dependencies: Record<string, { status: string }> };
  return dependencies.message_bus?.status === 'ok';
}

/** Brings everything to its end, and holds it against the promises. */
export async function checkSide(
  { world, followed, client }: BrokerSide,
  { brokers, onProgress }: { brokers: string; onProgress: (text: string) => void },
): Promise<CheckedSide> {
  const settled = await settle(world, followed, client, { brokers, restarts: false, onProgress });
  await followed.stop();
  return { settled, checked: await checkAll({ world, followed, settled, sent: client.sent }) };
}

export async function closeSide({ world }: BrokerSide): Promise<void> {
  await world.fleet.killAll();
  await world.close();
}
