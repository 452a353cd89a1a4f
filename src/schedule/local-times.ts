import { civilDateOf, dayNumberOf, SECONDS_PER_DAY } from './civil-time.js';
import { scheduleOf, type Schedule } from './slots.js';
import { END_OF_INSTANTS, FIRST_INSTANT, type ZoneOffsets } from './zone-offsets.js';

/** The offset east of UTC at `utc`, both in seconds; outside the supported years, that of the nearest one. */
export function offsetAt(zone: ZoneOffsets, utc: number): number {
  return zone.offsetOf(zone.indexAt(Math.min(Math.max(utc, FIRST_INSTANT), END_OF_INSTANTS - 1)));
}

/**
 * Previews end with the year 2100 (epoch milliseconds, exclusive): offsets are found year by year, so looking centuries
 * ahead would block the process.
 */
export const END_OF_PREVIEWS = dayNumberOf(2101, 1, 1) * SECONDS_PER_DAY * 1000;

/** As `nextAfter` (epoch milliseconds), but undefined before 1970 and where previews end. */
export function slotAfter(schedule: Schedule, instant: number): number | undefined {
  try {
    const slot = schedule.nextAfter(instant);
    return slot === undefined || slot >= END_OF_PREVIEWS ? undefined : slot;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The local times in [from, to) that the expression names, whether they exist in its zone or not; seconds of local
 * wall-clock time. At most two: it matters only whether there are none, one or several.
 */
export function namedTimes({ expression }: Schedule, from: number, to: number): number[] {
  // In UTC an instant is its own local time. Whether six fields are allowed was checked when the schedule was created.
  const wall = scheduleOf(expression.text, 'UTC', { allowSeconds: true });
  const named: number[] = [];
  let time = slotAfter(wall, from * 1000 - 1);
  while (time !== undefined && time < to * 1000 && named.length < 2) {
    named.push(time / 1000);
    time = slotAfter(wall, time);
  }
  return named;
}

/** @returns such as 2026-03-08 */
export function dateText(local: number): string {
  const { year, month, day } = civilDateOf(Math.floor(local / SECONDS_PER_DAY));
  return [year, twoDigits(month), twoDigits(day)].join('-');
}

/** @returns such as 02:30:00 */
export function timeText(local: number): string {
  const time = local - Math.floor(local / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  return [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60].map(twoDigits).join(':');
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
