import * as z from 'zod';
import { JOB_STREAM_PREFIX, jobStream, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { fromTimestamp, timestampSchema } from '../events/timestamp.js';
import { START, type Position, type RecordedEvent } from '../ports/event-log.js';

/** As every kind of log writes it. */
const POSITION = /^(?:\d{19}|\d{20}-\d{20})$/;

/** A place in a log: a position as the log writes it, or a time, by the clock of the store. */
const placeSchema = z.union([z.string().regex(POSITION), timestampSchema]);

export const selectionSchema = z.strictObject({
  /** Its stream, and the reminders that its runs have asked for; null: all jobs. */
  job: z.string().nullable(),
  /** Whether with the streams of reminders, which name mentors. */
  people: z.boolean(),
  /** After this position, or from this time on. */
  from: placeSchema.nullable(),
  /** Up to and with this position, or before this time. */
  to: placeSchema.nullable(),
});

/**
 * Which events of a log: of jobs and reminders. Those of the lease and of the instances say nothing about jobs, and only
 * the last of them are kept.
 */
export type Selection = z.infer<typeof selectionSchema>;

export function isPosition(place: string): boolean {
  return POSITION.test(place);
}

/** What every stream's name begins with that has any of these events. */
export function prefixesOf({ job, people }: Selection): string[] {
  return [job === null ? JOB_STREAM_PREFIX : jobStream(job), ...(people ? [REMINDER_STREAM_PREFIX] : [])];
}

/** @returns whether an event is one of these; for events of the streams that `prefixesOf` names, and any other */
export function selects({ job, people, from, to }: Selection): (recorded: RecordedEvent) => boolean {
  const own = job === null ? undefined : jobStream(job);
  const { after, since } = lowerBound(from);
  const { last, until } = upperBound(to);
  return ({ stream, position, recorded_at, data }) => {
    if (stream.startsWith(REMINDER_STREAM_PREFIX)) {
      if (!people || (job !== null && data.cron_id !== job)) return false;
    } else if (own === undefined ? !stream.startsWith(JOB_STREAM_PREFIX) : stream !== own) return false;
    if (position <= after || (last !== undefined && position > last)) return false;
    if (from === null && to === null) return true;
    const at = fromTimestamp(recorded_at);
    return since <= at && at < until;
  };
}

/** Where reading begins, and where it may end: a time does not tell, as the clock of a store may step. */
export function rangeOf({ from, to }: Selection): { after: Position; last: Position | undefined } {
  return { after: lowerBound(from).after, last: upperBound(to).last };
}

function lowerBound(from: string | null): { after: Position; since: number } {
  if (from === null) return { after: START, since: -Infinity };
  if (isPosition(from)) return { after: from, since: -Infinity };
  return { after: START, since: fromTimestamp(from) };
}

function upperBound(to: string | null): { last: Position | undefined; until: number } {
  if (to === null) return { last: undefined, until: Infinity };
  if (isPosition(to)) return { last: to, until: Infinity };
  return { last: undefined, until: fromTimestamp(to) };
}
