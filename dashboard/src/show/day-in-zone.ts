import { inZone } from './show-instant.js';

const MINUTE_MS = 60_000;
/** Zones are at most 14 hours ahead of UTC and 12 behind it, and a day is 25 hours at most. */
const REACH_MINUTES = 16 * 60;

/**
 * When a day begins in a zone: at midnight, or later where the clocks are put forward at midnight.
 * @param day such as 2026-11-28 @param zone an IANA zone
 * @returns RFC 3339 in UTC; undefined for what is no day
 */
export function startOfDay(day: string, zone: string): string | undefined {
  const middle = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(middle)) return undefined;
  const hasBegun = (at: number): boolean => inZone(new Date(at).toISOString(), zone).day >= day;
  let [before, begun] = [-REACH_MINUTES, REACH_MINUTES];
  while (begun - before > 1) {
    const between = Math.floor((before + begun) / 2);
    if (hasBegun(middle + between * MINUTE_MS)) begun = between;
    else before = between;
  }
  return new Date(middle + begun * MINUTE_MS).toISOString().replace('.000Z', 'Z');
}

/** When it ends there: the next one begins. @returns undefined for what is no day */
export function endOfDay(day: string, zone: string): string | undefined {
  const middle = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(middle)) return undefined;
  return startOfDay(new Date(middle + 24 * 60 * MINUTE_MS).toISOString().slice(0, 10), zone);
}

/** The day that an instant of the address falls on in a zone; empty for what is no instant, since anybody may have typed it. */
export function dayOf(at: string | undefined, zone: string): string {
  return isInstant(at) ? inZone(at, zone).day : '';
}

/** The last day before an instant, which is where a range ends. */
export function lastDayBefore(at: string | undefined, zone: string): string {
  return isInstant(at) ? inZone(new Date(Date.parse(at) - 1).toISOString(), zone).day : '';
}

function isInstant(at: string | undefined): at is string {
  return at !== undefined && !Number.isNaN(Date.parse(at));
}
