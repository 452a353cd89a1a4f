import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { headText, type LogHead } from '../ledger/log-head.js';

const FORM = /^(?:head: )?(0|[1-9][0-9]{0,14}):([0-9]*(?:-[0-9]+)?):([0-9a-f]{64})$/;

const schema = z
  .string()
  .trim()
  .regex(FORM)
  .transform((given): LogHead => {
    const [, count, position = '', hash = ''] = FORM.exec(given) ?? [];
    return { count: Number(count), position, hash };
  });

/**
 * Reads a head as `verify` prints it, with or without the word before it.
 * @throws InvalidArgumentError
 */
export function headArgument(given: string): LogHead {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const example = headText({ count: 7, position: '0000000000000000012', hash: 'ab'.repeat(32) });
  throw new InvalidArgumentError(
    `Allowed is a head as verify prints it: number of events, position and SHA-256 hash, such as ${example}`,
  );
}
