import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { FIRST_HEAD, headText, type LogHead } from '../ledger/log-head.js';

const FORM = /^(?:head: )?([1-9][0-9]{0,14}):([0-9]+(?:-[0-9]+)?):([0-9a-f]{64})$/;
/** Of a log without events, whose last one is nowhere. */
const FIRST = headText(FIRST_HEAD);

const schema = z
  .string()
  .trim()
  .transform((given, context): LogHead => {
    if (given === FIRST || given === `head: ${FIRST}`) return FIRST_HEAD;
    const [form, count, position = '', hash = ''] = FORM.exec(given) ?? [];
    if (form !== undefined) return { count: Number(count), position, hash };
    context.addIssue({ code: 'custom' });
    return z.NEVER;
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
    `Allowed is a head as verify prints it: number of events, position and SHA-256 hash, such as ${example}; for a log without events ${FIRST}`,
  );
}
