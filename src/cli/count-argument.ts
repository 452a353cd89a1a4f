import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

const schema = z.string().regex(/^[1-9]\d{0,5}$/);

/** Reads a whole number from 1 to 999,999. @throws InvalidArgumentError */
export function countArgument(given: string): number {
  const parsed = schema.safeParse(given);
  if (parsed.success) return Number(parsed.data);
  throw new InvalidArgumentError('Allowed is a whole number from 1 to 999999');
}
