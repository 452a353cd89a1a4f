import { expiryDayOf } from './expiry-day.js';

/** Expiries that are no further apart may be a correction of each other, even where all thresholds are near. */
const LEAST_DAYS = 30;
/** A year later it is a renewal, however early the first reminder is. */
const MOST_DAYS = 180;

/**
 * Whether a reminder that was asked for one expiry belongs to the validity period of another one: then it is the same
 * validity with a corrected date, and no renewal.
 * @param askedFor the expiry at that time, @param day of expiry today, as days since 1970-01-01 in the zone
 */
export function isOfPeriod(
  askedFor: string,
  day: number,
  { time_zone, reminder_thresholds }: { time_zone: string; reminder_thresholds: readonly number[] },
): boolean {
  const reach = Math.min(Math.max(LEAST_DAYS, ...reminder_thresholds), MOST_DAYS);
  return Math.abs(expiryDayOf(askedFor, time_zone) - day) <= reach;
}
