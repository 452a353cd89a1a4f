import { fromTimestamp } from '../events/timestamp.js';
import { civilDateOf, dayNumberOf, SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { END_OF_INSTANTS, FIRST_INSTANT, zoneOffsets } from '../schedule/zone-offsets.js';

const DATE_LENGTH = 'YYYY-MM-DD'.length;
const MS_PER_DAY = SECONDS_PER_DAY * 1000;

/**
 * An expiry as one number, since a proof keeps one for each reminder: that of a date, which is the same day in every zone,
 * has a fraction; an instant is whole epoch milliseconds.
 */
export type Expiry = number;

export function expiryOf(expiresAt: string): Expiry {
  if (expiresAt.length > DATE_LENGTH) return Math.floor(fromTimestamp(expiresAt));
  const [year = 0, month = 0, day = 0] = expiresAt.split('-').map(Number);
  return dayNumberOf(year, month, day) + 0.5;
}

export function isDate(expiry: Expiry): boolean {
  return !Number.isInteger(expiry);
}

/** Days since 1970-01-01 in a zone; undefined when this runtime does not know the zone. */
export function dayOf(expiry: Expiry, timeZone: string): number | undefined {
  return isDate(expiry) ? Math.floor(expiry) : localDay(expiry, timeZone);
}

/** The same of UTC. */
export function utcDayOf(expiry: Expiry): number {
  return Math.floor(isDate(expiry) ? expiry : expiry / MS_PER_DAY);
}

/**
 * The calendar day of an instant (epoch milliseconds), as days since 1970-01-01; instants beyond those that have offsets
 * have that of the nearest one. Undefined when this runtime does not know the zone.
 */
export function localDay(instant: number, timeZone: string): number | undefined {
  try {
    const zone = zoneOffsets(timeZone);
    const utc = Math.floor(instant / 1000);
    const known = Math.min(Math.max(utc, FIRST_INSTANT), END_OF_INSTANTS - 1);
    return Math.floor((utc + zone.offsetOf(zone.indexAt(known))) / SECONDS_PER_DAY);
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}

/** The date of UTC; those of the years before 0 and after 9999 are written like the others. */
export function utcDateOf(expiry: Expiry): string {
  const { year, month, day } = civilDateOf(utcDayOf(expiry));
  const digits = (value: number, count: number): string => String(value).padStart(count, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}
