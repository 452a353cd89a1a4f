import type * as z from 'zod';
import type { IncomingMessage } from '../ports/message-bus.js';

/** A message that can never be understood, and why: it is set aside, and the feed goes on. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

/** Ids are kept in the log and published in headers. */
export const MOST_ID_CHARACTERS = 200;

/** Records are small; a larger value is a mistake, and parsing it would stop everything else. */
const MOST_BYTES = 65_536;

/** @throws BadMessageError when the message is larger than what is taken in: what it says is not all here */
export function assertWhole({ tooLarge }: IncomingMessage): void {
  if (tooLarge !== undefined) throw new BadMessageError(tooLarge);
}

/**
 * The value of a message: JSON in UTF-8 of the given shape.
 * @throws BadMessageError with the reason, which names each field and what is allowed
 */
export function readJson<S extends z.ZodType>(message: IncomingMessage, schema: S): z.infer<S> {
  assertWhole(message);
  const parsed = schema.safeParse(parse(message.value));
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? `value ${message}` : `${path.join('.')} ${message}`,
  );
  throw new BadMessageError(reasons.join('; '));
}

function parse(value: Uint8Array | null): unknown {
  if (value === null) throw new BadMessageError('value is missing');
  if (value.length > MOST_BYTES)
    throw new BadMessageError(`value has ${value.length} bytes, allowed are ${MOST_BYTES}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    throw new BadMessageError('value is no text in UTF-8');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadMessageError('value is no valid JSON');
  }
}
