import { timeOf, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';

/**
 * What a job's events say about its slots, read without the code that wrote them: which schedule was in force when, and
 * how far its slots are settled. Instants are epoch milliseconds.
 */
export interface JobRecord {
  period: Period;
  /** Up to here every slot that was owed has an outcome: the next one must begin here. */
  watermark: number;
}

/** A time over which the job's schedule and state stay the same. */
export interface Period {
  /** Exclusive. */
  from: number;
  /** Inclusive; undefined while it lasts. */
  to: number | undefined;
  /** Slots are owed in `active` periods only. */
  state: 'active' | 'disabled' | 'deleted' | 'schedule_error';
  cron_expression: string;
  time_zone: string;
}

/** A decision about the slots in (after, to]. */
export interface SlotOutcome {
  kind: 'started' | 'skipped';
  after: number;
  /** The first and the last slot; the same for one that was started. */
  from: number;
  to: number;
  count: number;
  run_id: string | null;
  reason: string | null;
  late_by_ms: number | null;
  decided_at: number;
}

/**
 * The record before an instant, of a job that no client has changed since: a slot that comes at that instant or later
 * can only be settled later.
 */
export function recordBefore(
  instant: number,
  config: { enabled: boolean; cron_expression: string; time_zone: string; since: number },
): JobRecord {
  return { period: periodFrom(config.since, config), watermark: instant - 1 };
}

function periodFrom(
  from: number,
  config: { enabled: boolean; cron_expression: string; time_zone: string },
): Period {
  const { enabled, cron_expression, time_zone } = config;
  return { from, to: undefined, state: enabled ? 'active' : 'disabled', cron_expression, time_zone };
}

/** The record after an event; undefined before the job's first one. */
export function recordAfter(record: JobRecord | undefined, event: JobEvent): JobRecord | undefined {
  const at = fromTimestamp(timeOf(event));
  if (event.type === 'CronJobScheduled') return { period: periodFrom(at, event.data), watermark: at };
  if (record === undefined) return undefined;
  // Whatever came up while it was deleted is not owed.
  if (event.type === 'CronJobRestored') return { period: periodFrom(at, event.data), watermark: at };
  if (event.type === 'WatermarkReset') {
    const { period } = record;
    return {
      period: { ...period, from: Math.min(period.from, at) },
      watermark: fromTimestamp(event.data.to),
    };
  }
  const outcome = outcomeOf(event);
  if (outcome !== undefined) return { ...record, watermark: outcome.to };
  const period = periodAfter(record.period, event);
  if (period === undefined) return record;
  const begun = { ...period, from: at, to: undefined };
  return { period: begun, watermark: countsAnew(record.period, begun) ? at : record.watermark };
}

/** Where no slots are owed, another schedule counts from its change, too. */
function countsAnew(before: Period, { state, cron_expression, time_zone }: Period): boolean {
  return state === 'active' || cron_expression !== before.cron_expression || time_zone !== before.time_zone;
}

/** The decision that an event records; undefined when it decides no slot. */
export function outcomeOf(event: JobEvent): SlotOutcome | undefined {
  switch (event.type) {
    case 'RunStarted': {
      const { slot, after, run_id, late_by_ms, started_at } = event.data;
      if (slot === null || after === null) return undefined;
      const at = fromTimestamp(slot);
      const range = { after: fromTimestamp(after), from: at, to: at, count: 1 };
      const decided_at = fromTimestamp(started_at);
      return { kind: 'started', ...range, run_id, reason: null, late_by_ms, decided_at };
    }
    case 'RunSkipped': {
      const { from, to, count, after, reason, skipped_at } = event.data;
      return {
        kind: 'skipped',
        after: fromTimestamp(after),
        from: fromTimestamp(from),
        to: fromTimestamp(to),
        count,
        run_id: null,
        reason,
        late_by_ms: null,
        decided_at: fromTimestamp(skipped_at),
      };
    }
    case 'CronJobScheduled':
    case 'CronJobUpdated':
    case 'CronJobDeleted':
    case 'CronJobRestored':
    case 'RunCompleted':
    case 'RunResultRejected':
    case 'RequestAccepted':
    case 'ScheduleFailed':
    case 'WatermarkReset':
      return undefined;
  }
}

type Setting = Pick<Period, 'state' | 'cron_expression' | 'time_zone'>;

/** Undefined when the event leaves schedule and state as they are. */
function periodAfter(before: Period, event: JobEvent): Setting | undefined {
  const { cron_expression, time_zone } = before;
  if (event.type === 'CronJobDeleted') return { state: 'deleted', cron_expression, time_zone };
  if (event.type === 'ScheduleFailed') return { state: 'schedule_error', cron_expression, time_zone };
  if (event.type !== 'CronJobUpdated') return undefined;
  const { changes } = event.data;
  const after: Setting = {
    state: before.state,
    cron_expression: changes.cron_expression ?? cron_expression,
    time_zone: changes.time_zone ?? time_zone,
  };
  const same = after.cron_expression === cron_expression && after.time_zone === time_zone;
  if (changes.enabled !== undefined) after.state = changes.enabled ? 'active' : 'disabled';
  // A changed schedule gets another try.
  else if (!same && before.state === 'schedule_error') after.state = 'active';
  return same && after.state === before.state ? undefined : after;
}
