import { dateText, END_OF_PREVIEWS, namedTimes, offsetAt, timeText } from './local-times.js';
import type { Schedule } from './slots.js';
import type { ZoneOffsets } from './zone-offsets.js';

const MOST_NOTES = 4;

/** From `at` on, the offset is another one; all in seconds. */
interface OffsetChange {
  at: number;
  before: number;
  after: number;
}

/**
 * Explains, in words and local times, how the zone's offset changes in (from, to] (epoch milliseconds, UTC) affect this
 * schedule: the first 4 that fall on a time which its expression names.
 */
export function dstNotes(schedule: Schedule, from: number, to: number): string[] {
  const notes: string[] = [];
  for (const change of offsetChanges(schedule.zone, Math.floor(from / 1000), Math.floor(to / 1000))) {
    const note = noteOn(schedule, change);
    if (note !== undefined) notes.push(note);
    if (notes.length === MOST_NOTES) break;
  }
  return notes;
}

function* offsetChanges(zone: ZoneOffsets, from: number, to: number): Generator<OffsetChange> {
  let at = zone.endOf(zone.indexAt(from));
  while (at <= to && at < END_OF_PREVIEWS / 1000) {
    const before = offsetAt(zone, at - 1);
    const after = offsetAt(zone, at);
    // The edge of a year not yet in the table may look like a change.
    if (before !== after) yield { at, before, after };
    at = zone.endOf(zone.indexAt(at));
  }
}

function noteOn(schedule: Schedule, { at, before, after }: OffsetChange): string | undefined {
  const from = at + Math.min(before, after);
  const to = at + Math.max(before, after);
  const [first, second] = namedTimes(schedule, from, to);
  if (first === undefined) return undefined;
  const date = dateText(first);
  const one = second === undefined;
  const times = one ? timeOn(date, first) : `${timeOn(date, from)} to ${timeOn(date, to)}`;
  const what = before < after ? 'does not exist' : 'comes twice';
  return `${date}: ${times} ${what} in ${schedule.zone.name}; ${rule()}`;

  function rule(): string {
    const { everyHour } = schedule.expression;
    if (after < before)
      return everyHour
        ? 'the expression follows real time: both passes run'
        : 'it runs on the first pass only';
    if (everyHour) return 'the expression follows real time: nothing runs in its place';
    return `${one ? 'it runs' : 'what it leaves out runs once,'} at ${timeOn(date, to)}`;
  }
}

/** Omits the seconds when they are 0, and the date when it equals `date`. */
function timeOn(date: string, local: number): string {
  const time = timeText(local).replace(/:00$/, '');
  return dateText(local) === date ? time : `${dateText(local)} ${time}`;
}
