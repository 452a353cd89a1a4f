import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';

/** The only expressions with seconds used here, all in UTC; others do not come due while the suite runs. */
const EVERY_FEW_SECONDS = /^\*(?:\/(\d+))? \* \* \* \* \*$/;

interface Job {
  /** Due in each second of a minute that this divides; undefined: never. */
  step: number | undefined;
  /** Owed are the seconds from here (exclusive); undefined while disabled. */
  since: number | undefined;
  owed: number[];
  settled: Map<number, number>;
}

/**
 * The promise: every second that is owed has exactly one outcome, and no other has one. Owed are those of the schedule
 * from the creation or an enable (exclusive) to the disable or delete (inclusive); by plain counting of seconds. At the
 * end every job that comes due must be disabled or deleted.
 */
export function checkSecondSlots(events: readonly RecordedEvent[]): {
  slots: number;
  violations: Violation[];
} {
  const { violations, report } = reporting('every owed slot has exactly one outcome');
  const jobs = new Map<string, Job>();
  for (const { stream, type, data } of events) {
    if (!stream.startsWith('cronJob-')) continue;
    const cronId = stream.slice('cronJob-'.length);
    const job = jobs.get(cronId) ?? { step: undefined, since: undefined, owed: [], settled: new Map() };
    jobs.set(cronId, job);
    take(job, type, data);
  }

  let slots = 0;
  for (const [cronId, { step, since, owed, settled }] of jobs) {
    slots += owed.length;
    if (step !== undefined && since !== undefined) report('was not disabled at the end', cronId);
    const lost = owed.filter((slot) => !settled.has(slot));
    const doubled = [...settled].filter(([, times]) => times > 1).map(([slot]) => slot);
    const isOwed = new Set(owed);
    const notOwed = [...settled.keys()].filter((slot) => !isOwed.has(slot));
    const found = { lost: lost, 'settled twice': doubled, 'settled but not owed': notOwed };
    for (const [fault, seconds] of Object.entries(found))
      if (seconds.length > 0)
        report(`${seconds.length} slots ${fault}: ${seconds.slice(0, 5).map(readable).join(', ')}`, cronId);
  }
  return { slots, violations };
}

function take(job: Job, type: string, data: Record<string, unknown>): void {
  const at = (field: string): number => Date.parse(String(data[field]));
  switch (type) {
    case 'CronJobScheduled': {
      const found = EVERY_FEW_SECONDS.exec(String(data.cron_expression));
      job.step = found === null ? undefined : Number(found[1] ?? 1);
      if (data.enabled === true) job.since = at('created_at');
      break;
    }
    case 'CronJobUpdated': {
      const { enabled } = data.changes as { enabled?: boolean };
      if (enabled === false) close(job, at('updated_at'));
      if (enabled === true) job.since = at('updated_at');
      break;
    }
    case 'CronJobDeleted':
      close(job, at('deleted_at'));
      break;
    case 'RunStarted':
      if (data.slot !== null) settle(job, [at('slot')]);
      break;
    case 'RunSkipped': {
      const skipped = secondsWithin(job.step, at('from') - 1, at('to'));
      // On a mismatch it skips slots not owed, or none: settling one twice reports it.
      settle(job, skipped.length === data.count ? skipped : [at('from'), at('from'), at('to')]);
      break;
    }
    default:
      break;
  }
}

function close(job: Job, until: number): void {
  if (job.since !== undefined) job.owed.push(...secondsWithin(job.step, job.since, until));
  job.since = undefined;
}

function settle(job: Job, slots: readonly number[]): void {
  for (const slot of slots) job.settled.set(slot, (job.settled.get(slot) ?? 0) + 1);
}

/** Those in (after, until]. */
function secondsWithin(step: number | undefined, after: number, until: number): number[] {
  const seconds: number[] = [];
  if (step === undefined) return seconds;
  for (let at = (Math.floor(after / 1000) + 1) * 1000; at <= until; at += 1000)
    if (new Date(at).getUTCSeconds() % step === 0) seconds.push(at);
  return seconds;
}

function readable(slot: number): string {
  return new Date(slot).toISOString();
}
