import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { fromTimestamp } from '../events/timestamp.js';

export const INSTANT_FORMS =
  'an RFC 3339 instant in UTC such as 2026-03-08T07:00:00Z, or a date such as 2026-03-08';

const schema = z
  .string()
  .transform((given) => (/^\d{4}-\d{2}-\d{2}$/.test(given) ? `${given}T00:00:00Z` : given))
  .pipe(z.iso.datetime())
  .transform(fromTimestamp);

/** Reads an instant, or a date for its beginning in UTC. @returns epoch milliseconds @throws InvalidArgumentError */
export function instantArgument(given: string): number {
  const instant = parseInstant(given);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError(`Allowed is ${INSTANT_FORMS}`);
}

/** Undefined for what is none. */
export function parseInstant(given: string): number | undefined {
  return schema.safeParse(given).data;
}
