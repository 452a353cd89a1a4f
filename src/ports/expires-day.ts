import { fromTimestamp, toTimestamp } from '../events/timestamp.js';

const DATE = /^\d{4}-\d\d-\d\d$/;
/** As the schema of a record takes it: fractions of a second have any number of digits. */
const TIME = /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DATE_LENGTH = 'YYYY-MM-DD'.length;
const LONGEST_INSTANT = 40;
const DAY_MS = 86_400_000;

/**
 * The calendar day of UTC on which a record expires, in days since 1970-01-01: a date is that day, an instant falls on
 * its day of UTC. This places a record in lists and decides nothing: a check looks at the day of its job's zone.
 * @param expiresAt as stored, which may be anything
 * @returns undefined when it is no expiry that can be read
 */
export function expiresDay(expiresAt: unknown): number | undefined {
  if (typeof expiresAt !== 'string' || expiresAt.length > LONGEST_INSTANT) return undefined;
  const date = expiresAt.slice(0, DATE_LENGTH);
  if (!DATE.test(date)) return undefined;
  const midnight = fromTimestamp(`${date}T00:00:00.000Z`);
  // The 30th of February is taken for a day in March.
  if (Number.isNaN(midnight) || !toTimestamp(midnight).startsWith(date)) return undefined;
  if (expiresAt.length === DATE_LENGTH) return midnight / DAY_MS;
  return TIME.test(expiresAt.slice(DATE_LENGTH)) ? Math.floor(fromTimestamp(expiresAt) / DAY_MS) : undefined;
}
