import * as z from 'zod';

/** RFC 3339 in UTC with milliseconds: the format of every instant in the log. Conversions only; the clock is a port. */
export type Timestamp = string;

export const timestampSchema = z.iso.datetime({ precision: 3 });

/** @param instant epoch milliseconds */
export function toTimestamp(instant: number): Timestamp {
  return new Date(instant).toISOString();
}

/** @returns epoch milliseconds */
export function fromTimestamp(timestamp: Timestamp): number {
  return Date.parse(timestamp);
}

/** The contract's bodies carry whole seconds; fractions are truncated, so no event is dated in the future. */
export function toWholeSeconds(timestamp: Timestamp): string {
  return `${timestamp.slice(0, 19)}Z`;
}

/** For libraries that want one. @param instant epoch milliseconds */
export function toDate(instant: number): Date {
  return new Date(instant);
}
