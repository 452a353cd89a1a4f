import { stamp } from '../commands/stamp.js';
import { parseEvent, type ReminderEvent } from '../events/parse-event.js';
import { toTimestamp } from '../events/timestamp.js';
import type { Certification } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { SentReminder } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { RunClosedError, type CheckedRun } from '../runs/checked-run.js';

export interface DueReminder extends Certification {
  threshold_days: number;
  days_left: number;
  stream: string;
}

export interface AskDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  ids: Ids;
}

const LOOKS_AT_ONCE = 50;
/** Each has a different threshold, and thresholds range from 0 to 9999. */
const MOST_REMINDERS = 10_000;

/** A candidate, and the reminders seen so far for its certification and expiry. */
interface Seen {
  candidate: DueReminder;
  /** Of the stream of its reminders. */
  version: number;
  sent: readonly Pick<SentReminder, 'threshold_days' | 'run_id'>[];
}

/** @returns how many of the candidates are reminders of the run that were not counted before */
export type AskForReminders = (candidates: readonly DueReminder[]) => Promise<number>;

/**
 * For one walk of a run over the registry. Requests the reminders that are due. The stream's version decides between
 * concurrent runs and workers: the loser reads what the winner has sent, and checks again whether its own is still due.
 * A certification that is met again on the walk, since it moved to another mentor meanwhile, counts once: a run never
 * counts more than the log holds of it.
 */
export function createAskForReminders(
  run: CheckedRun,
  { store, log, clock, ids }: AskDependencies,
): AskForReminders {
  /** Streams of the reminders counted so far. */
  const counted = new Set<string>();

  async function append(due: readonly Seen[]): Promise<Seen[]> {
    if (!(await run.isStillOpen())) throw new RunClosedError(`${run.run_id} has been closed`);
    const requested_at = toTimestamp(clock.now());
    const outcomes = await log.append(
      due.map(({ candidate, version }) => ({
        stream: candidate.stream,
        expectedVersion: version,
        events: [stamp(reminderRequested(candidate, run, requested_at), run.cause, ids)],
      })),
    );
    return due.filter((_, index) => outcomes[index]?.kind === 'conflict');
  }

  function count(seen: readonly Seen[]): void {
    for (const { candidate } of seen) counted.add(candidate.stream);
  }

  return async (candidates) => {
    if (candidates.length === 0) return 0;
    const before = counted.size;
    let looked = await lookInRows(candidates, store);
    for (;;) {
      count(looked.filter((seen) => isOwn(seen, run)));
      const due = looked.filter((seen) => !isOwn(seen, run) && isDue(seen));
      const lost = run.dry_run || due.length === 0 ? [] : await append(due);
      count(due.filter((seen) => !lost.includes(seen)));
      if (lost.length === 0) return counted.size - before;
      looked = [];
      for (let at = 0; at < lost.length; at += LOOKS_AT_ONCE) {
        const some = lost.slice(at, at + LOOKS_AT_ONCE);
        looked.push(...(await Promise.all(some.map(({ candidate }) => lookInLog(candidate, log)))));
      }
    }
  };
}

/** Requested by an earlier attempt of this run or by a concurrent worker, even if a nearer one followed. */
function isOwn({ sent }: Seen, { run_id }: CheckedRun): boolean {
  return sent.some((reminder) => reminder.run_id === run_id);
}

/** Neither it nor one nearer to the expiry has been sent. */
function isDue({ candidate, sent }: Seen): boolean {
  return sent.every(({ threshold_days }) => threshold_days > candidate.threshold_days);
}

async function lookInRows(candidates: readonly DueReminder[], store: ReadStore): Promise<Seen[]> {
  const rows = await store.read(
    'reminders',
    candidates.map(({ stream }) => stream),
  );
  return candidates.map((candidate) => {
    const row = rows.get(candidate.stream);
    return { candidate, version: row?.version ?? 0, sent: row?.document.sent ?? [] };
  });
}

async function lookInLog(candidate: DueReminder, log: EventLog): Promise<Seen> {
  const events = await log.readStream(candidate.stream, { direction: 'forwards', limit: MOST_REMINDERS });
  const sent = events.flatMap((recorded) => {
    const event = parseEvent(recorded);
    return event?.type === 'ReminderRequested' ? [event.data] : [];
  });
  return { candidate, version: events.at(-1)?.version ?? 0, sent };
}

function reminderRequested(reminder: DueReminder, run: CheckedRun, requested_at: string): ReminderEvent {
  const { mentor_id, certification_id, expires_at, threshold_days, days_left } = reminder;
  const { cron_id, run_id } = run;
  return {
    type: 'ReminderRequested',
    data: {
      cron_id,
      run_id,
      mentor_id,
      certification_id,
      expires_at,
      threshold_days,
      days_left,
      requested_at,
    },
  };
}
