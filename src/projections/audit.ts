import { parseEvent, timeOf, UnreadableEventError } from '../events/parse-event.js';
import { cronIdOf } from '../events/stream-names.js';
import { fromTimestamp, type Timestamp } from '../events/timestamp.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import type { EventProjection } from './projection.js';

/** Digits of a time: enough until the year 5188. */
const DIGITS = 9;
const BASE = 36;
const LAST = BASE ** DIGITS - 1;

/**
 * Where an event is among those of all jobs: its time, and among those of one millisecond its place in the log. Keys are
 * compared as texts.
 * @param at epoch milliseconds @param position empty: before all events of that time
 */
export function auditKey(at: number, position: Position): string {
  const time = Math.min(Math.max(at, 0), LAST).toString(BASE);
  return time.padStart(DIGITS, '0') + position;
}

const ROUTINE_TYPES: ReadonlySet<string> = new Set(['RunStarted', 'RunCompleted', 'RunSkipped']);
const ROUTINE_ACTORS: ReadonlySet<string> = new Set(['scheduler', 'worker', 'external-executor']);

/** Behind the keys of all events. */
export const LAST_AUDIT_KEY = '~';

/** Which event of which job has happened when, and by whom: what is asked across jobs. The rest is read from the log. */
export const auditProjection: EventProjection<'audit'> = {
  model: 'audit',
  rowOf(recorded) {
    const { type, stream, version, position, metadata } = recorded;
    const { actor } = metadata;
    const routine = ROUTINE_TYPES.has(type) && ROUTINE_ACTORS.has(actor);
    const document = { cron_id: cronIdOf(stream), type, actor, routine };
    return { key: auditKey(fromTimestamp(happenedAt(recorded)), position), version, document };
  },
};

/** Whether routine events may be among those of these types (undefined: of all) and this actor (undefined: of all). */
export function mayBeRoutine(types: readonly string[] | undefined, actor: string | undefined): boolean {
  const isType = types?.some((type) => ROUTINE_TYPES.has(type)) ?? true;
  return isType && (actor === undefined || ROUTINE_ACTORS.has(actor));
}

/** When an event happened; of one that this version cannot read, when it was recorded, which is nearly the same. */
export function happenedAt(recorded: RecordedEvent): Timestamp {
  try {
    const event = parseEvent(recorded);
    return event === undefined ? recorded.recorded_at : timeOf(event);
  } catch (error) {
    if (error instanceof UnreadableEventError) return recorded.recorded_at;
    throw error;
  }
}
