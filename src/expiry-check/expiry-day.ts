import { fromTimestamp } from '../events/timestamp.js';
import { dayNumberOf, SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { END_OF_INSTANTS, FIRST_INSTANT, zoneOffsets } from '../schedule/zone-offsets.js';

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/**
 * The calendar day (days since 1970-01-01) of an instant, given in epoch milliseconds, in an IANA zone. Far instants,
 * such as an end of 9999 that means "never", have the offset of the nearest one that is known.
 */
export function localDayOf(instant: number, timeZone: string): number {
  const utc = Math.floor(instant / 1000);
  const zone = zoneOffsets(timeZone);
  const known = Math.min(Math.max(utc, FIRST_INSTANT), END_OF_INSTANTS - 1);
  return Math.floor((utc + zone.offsetOf(zone.indexAt(known))) / SECONDS_PER_DAY);
}

/** The day of expiry: a date is that day everywhere, an instant falls on a day of the zone. */
export function expiryDayOf(expiresAt: string, timeZone: string): number {
  if (expiresAt.length > DATE_LENGTH) return localDayOf(fromTimestamp(expiresAt), timeZone);
  const [year = 0, month = 0, day = 0] = expiresAt.split('-').map(Number);
  return dayNumberOf(year, month, day);
}
