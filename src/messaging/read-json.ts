import type * as z from 'zod';
import type { IncomingMessage } from '../ports/message-bus.js';

/** A message that can never be understood, and why: it is set aside, and the feed goes on. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

/** Records are small; a larger value is a mistake, and parsing it would stop everything else. */
const MOST_BYTES = 65_536;

/**
 * The value of a message: JSON in UTF-8 of the given shape.
 * @throws BadMessageError with the reason, which names each field and what is allowed
 */
export function readJson<S extends z.ZodType>({ value }: IncomingMessage, schema: S): z.infer<S> {
  const parsed = schema.safeParse(parse(value));
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
