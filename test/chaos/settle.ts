import { setTimeout as pause } from 'node:timers/promises';
import { differingRows, type DifferingRow } from '../support/compare-read-models.js';
import { eventually } from '../support/eventually.js';
import { readTopic, type KcatMessage } from '../servers/kcat.js';
import type { ChaosWorld } from './chaos-world.js';
import type { FollowedLog } from './follow-log.js';
import type { RoundRobin } from './round-robin.js';

/** The state once everything is at rest. */
export interface Settled {
  /** What did not come to an end in time. */
  unsettled: string[];
  /** Rows of the read models that differ from a fold of the log. */
  rows: DifferingRow[];
  /** By topic; undefined without Kafka or kcat. */
  messages: Record<'events' | 'runs' | 'reminders', KcatMessage[]> | undefined;
}

const ASK_AGAIN_MS = 200;
const RUNS_END_WITHIN_MS = 90_000;
const SHOWN_WITHIN_MS = 120_000;
/** FerretDB takes a few rows a second, when it has some thousands. */
const PROJECTED_WITHIN_MS = 600_000;

export interface SettleOptions {
  /** Topics are read there; undefined where they are not compared. */
  brokers: string | undefined;
  /** Whether all instances are restarted first, without faults. Else whatever is stuck stays so, and is found. */
  restarts: boolean;
  onProgress: (text: string) => void;
}

/** Starts what is down, disables what comes due, and waits until everything is done and shown. */
export async function settle(
  { fleet, adapters, topicPrefix, calm }: ChaosWorld,
  followed: FollowedLog,
  client: RoundRobin,
  { brokers, restarts, onProgress }: SettleOptions,
): Promise<Settled> {
  const unsettled: string[] = [];
  async function inTime(
    what: string,
    ask: () => boolean | Promise<boolean>,
    withinMs: number,
  ): Promise<void> {
    const asking = async (): Promise<boolean> => (await ask()) || pause(ASK_AGAIN_MS, false);
    const began = performance.now();
    await eventually(what, asking, withinMs).catch((error: unknown) => unsettled.push(String(error)));
    onProgress(`${what}, after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }

  calm();
  if (restarts) await Promise.all([...fleet.addresses.keys()].map((index) => fleet.terminate(index)));
  await fleet.startMissing();
  const disabled = new Set<string>();
  await inTime(
    'all jobs that come due are disabled',
    async () => {
      const due = dueJobs(followed).filter((cronId) => !disabled.has(cronId));
      for (const cronId of due) {
        const { status } = await client.send('PUT', `/${cronId}`, { enabled: false, name: 'disabled' });
        if (status === 200) disabled.add(cronId);
      }
      return due.length === 0;
    },
    SHOWN_WITHIN_MS,
  );
  await inTime('all runs have ended', () => openRuns(followed) === 0, RUNS_END_WITHIN_MS);

  await inTime('the read models are up', () => areUp(adapters, followed), PROJECTED_WITHIN_MS);
  const rows = await differingRows(adapters.log, adapters.store);

  let messages: Settled['messages'];
  if (brokers !== undefined) {
    const read = (name: string) => readTopic(brokers, `${topicPrefix}certification-cron.${name}`);
    await inTime(
      'everything is published',
      async () => {
        const events = await read('events');
        messages = { events, runs: await read('runs'), reminders: await read('reminders') };
        const found = new Set(events.map(({ headers }) => headers.ce_id));
        return followed.seen.every(({ event }) => event.stream.startsWith('lease-') || found.has(event.id));
      },
      SHOWN_WITHIN_MS,
    );
  }
  await Promise.all([...fleet.addresses.keys()].map((index) => fleet.terminate(index)));
  return { unsettled, rows, messages };
}

/** By the checkpoints: to compare the rows themselves, again and again, would keep the store from catching up. */
async function areUp({ store }: ChaosWorld['adapters'], { seen }: FollowedLog): Promise<boolean> {
  const newest = seen.findLast(({ event }) => event.stream.startsWith('cronJob-'))?.event.position ?? '';
  const checkpoints = await Promise.all(['jobs', 'reminders'].map((name) => store.readCheckpoint(name)));
  return checkpoints.every((checkpoint) => (checkpoint?.position ?? '') >= newest);
}

/** Enabled, and due within seconds. */
function dueJobs({ seen }: FollowedLog): string[] {
  const due = new Set<string>();
  for (const { event } of seen) {
    const { type, data } = event;
    const cronId = String(data.cron_id);
    const { enabled } = (type === 'CronJobUpdated' ? data.changes : data) as { enabled?: boolean };
    if (type === 'CronJobScheduled' && String(data.cron_expression).split(' ').length === 6) due.add(cronId);
    if (type === 'CronJobDeleted') due.delete(cronId);
    // Only jobs that come due are ever disabled or enabled; the others stay as they are.
    if (type === 'CronJobUpdated' && enabled === false) due.delete(cronId);
    if (type === 'CronJobUpdated' && enabled === true) due.add(cronId);
  }
  return [...due];
}

function openRuns({ seen }: FollowedLog): number {
  const open = new Set<unknown>();
  for (const { event } of seen) {
    if (event.type === 'RunStarted') open.add(event.data.run_id);
    if (event.type === 'RunCompleted') open.delete(event.data.run_id);
  }
  return open.size;
}
