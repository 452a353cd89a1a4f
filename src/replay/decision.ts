import { configOf } from '../events/job-config.js';
import type { EventMetadata } from '../events/metadata.js';
import { timeOf, type JobEvent } from '../events/parse-event.js';
import type { CronJob } from '../job/cron-job.js';
import type { JobCommand } from '../job/job-command.js';

/** What was decided at once on one job: the events that one command has led to. */
export interface Decision {
  /** Of its first event. */
  version: number;
  events: readonly [JobEvent, ...JobEvent[]];
  /** The same for all of them, but for the versions of their data. */
  metadata: EventMetadata;
}

/** Puts the events of one stream together to decisions. */
export function createDecisions() {
  let version = 0;
  let events: JobEvent[] = [];
  let metadata: EventMetadata | undefined;
  /** Of the last event so far, and of the last one before this decision; nothing is decided at an earlier time. */
  let [lastAt, lastBefore] = ['', ''];

  function end(): Decision | undefined {
    const [first, ...others] = events;
    events = [];
    if (first === undefined || metadata === undefined) return undefined;
    return { version, events: [first, ...others], metadata };
  }

  return {
    /** Takes the next event. @returns the decision before it, when it belongs to another one */
    take(event: JobEvent, at: { version: number; metadata: EventMetadata }): Decision | undefined {
      const before = lastAt;
      // After a reset the times go on from that of the clock.
      lastAt = event.type === 'WatermarkReset' ? timeOf(event) : later(lastAt, timeOf(event));
      // No rule of the job decides it.
      if (event.type === 'RequestAccepted') return end();
      const last = events.at(-1);
      const isAtOnce =
        last !== undefined && isSameTime(last, event, lastBefore) && isSameCause(metadata, at.metadata);
      const ended = isAtOnce && mayFollow(event, events) ? undefined : end();
      if (events.length === 0) {
        ({ version, metadata } = at);
        lastBefore = before;
      }
      events.push(event);
      return ended;
    },
    /** @returns the last decision, when no more events come */
    end,
  };
}

/**
 * All that is decided at once has one time. But a reset has that of the clock, and a restore before it that of the last event
 * before both, where this one is later.
 */
function isSameTime(one: JobEvent, other: JobEvent, lastBefore: string): boolean {
  const isReset = one.type === 'CronJobRestored' && other.type === 'WatermarkReset';
  return timeOf(one) === (isReset ? later(timeOf(other), lastBefore) : timeOf(other));
}

/** Times of events have one form, so their order is that of their texts. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}

function isSameCause(one: EventMetadata | undefined, other: EventMetadata): boolean {
  return (
    one?.actor === other.actor &&
    one.correlation_id === other.correlation_id &&
    one.causation_id === other.causation_id &&
    one.term === other.term
  );
}

/** An update of any of these settles what was owed; any other is one event. */
const SETTLING = ['cron_expression', 'time_zone', 'enabled'] as const;

/** A client may use the id of a request again, so its commands are also told apart by what each of them can emit. */
function mayFollow(event: JobEvent, events: readonly JobEvent[]): boolean {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined || ownCommand(last) !== undefined) return false;
  if (event.type === 'CronJobRestored') return false;
  if (event.type === 'CronJobUpdated' && SETTLING.every((field) => event.data.changes[field] === undefined))
    return false;
  if (first.type === 'CronJobRestored')
    return events.length === 1 && event.type === 'WatermarkReset' && event.data.reason === first.data.reason;
  if (first.type !== 'WatermarkReset') return true;
  // A client has asked for the reset alone, or an update or a delete has begun with it, for its own reason.
  if (event.type === 'CronJobUpdated' || event.type === 'CronJobDeleted')
    return event.data.reason === first.data.reason;
  return event.type !== 'WatermarkReset' && ownCommand(event) === undefined;
}

/**
 * The command that was decided on, as far as its events tell.
 * @param job before it
 * @returns undefined where they do not: of a result for a run that had ended, only what was settled before it is there
 */
export function commandOf(
  { events, metadata, version }: Decision,
  job: CronJob | undefined,
): JobCommand | undefined {
  const [first] = events;
  if (first.type === 'CronJobRestored' && job !== undefined) {
    // A declaration may bring it back with other settings.
    const deleted = { ...job, config: configOf(first.data) };
    return { type: 'RestoreCronJob', deleted, version: version - 1, reason: first.data.reason };
  }
  const last = events.at(-1) ?? first;
  if (last.type === 'WatermarkReset') return { type: 'ResetWatermark', reason: last.data.reason };
  return ownCommand(last) ?? (metadata.actor === 'scheduler' ? { type: 'Tick' } : undefined);
}

/** The command that an event is the last one of; undefined for what others emit on their way, too. */
function ownCommand(event: JobEvent): JobCommand | undefined {
  switch (event.type) {
    case 'CronJobScheduled':
      return { type: 'ScheduleCronJob', config: configOf(event.data), key: event.data.key };
    case 'CronJobUpdated':
      return updateOf(event.data);
    case 'CronJobDeleted':
      return { type: 'DeleteCronJob', reason: event.data.reason };
    case 'RunStarted': {
      const { slot, dry_run, rules, reason } = event.data;
      if (slot !== null) return undefined;
      return { type: 'TriggerRun', dry_run, confirm_reminders: rules?.confirm_reminders ?? null, reason };
    }
    case 'RunResultRejected':
      return completion(event.data, { code: 'unknown', message: '' });
    case 'RunCompleted': {
      const { run_id, error } = event.data;
      if (error?.code === 'timed_out') return undefined;
      if (error?.code === 'cancelled') return { type: 'CancelRun', run_id, reason: error.message };
      return completion(event.data, error ?? { code: 'unknown', message: '' });
    }
    default:
      return undefined;
  }
}

function updateOf({
  changes,
  reason,
  reverted_to,
}: Extract<JobEvent, { type: 'CronJobUpdated' }>['data']): JobCommand {
  const update = { type: 'UpdateCronJob', changes: given(changes), reason } as const;
  return reverted_to === null ? update : { ...update, reverted_to };
}

type Completion = Pick<
  Extract<JobEvent, { type: 'RunResultRejected' }>['data'],
  'run_id' | 'status' | 'result'
>;
type RunFault = Extract<JobCommand, { type: 'CompleteRun'; status: 'failed' }>['error'];

function completion({ run_id, status, result }: Completion, error: RunFault): JobCommand | undefined {
  if (status === 'failed')
    return { type: 'CompleteRun', run_id, status, error, ...(result === null ? {} : { result }) };
  return result === null ? undefined : { type: 'CompleteRun', run_id, status, result };
}

/** Without fields that are undefined. */
function given<T extends object>(fields: T): { [F in keyof T]?: Exclude<T[F], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [F in keyof T]?: Exclude<T[F], undefined>;
  };
}
