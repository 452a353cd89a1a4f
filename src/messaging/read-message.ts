import type * as z from 'zod';
import { parseTraceparent } from '../events/traceparent.js';
import type { IncomingMessage, TextOrBytes } from '../ports/message-bus.js';
import { BadMessageError } from './bad-message-error.js';
import { cloudEventSchema, isStructured } from './cloud-event.js';
import { headerNamed } from './header-named.js';

export interface ReadMessage<T> {
  payload: T;
  /** The id of the CloudEvent, as it came; undefined when the message is none. */
  eventId: { name: string; value: TextOrBytes } | undefined;
  /** The trace that it is part of, by its own header or else by the CloudEvent; undefined without a valid one. */
  traceparent: string | undefined;
}

/** Records are small; a larger value is a mistake, and parsing it would stop everything else. */
const MOST_BYTES = 65_536;

/** @throws BadMessageError when the message is larger than what is taken in: what it says is not all here */
export function assertWhole({ tooLarge }: IncomingMessage): void {
  if (tooLarge !== undefined) throw new BadMessageError(tooLarge);
}

/**
 * What a message says: JSON in UTF-8 of the given shape, as its value or as the data of a CloudEvent in its value.
 * @param mostBytes of the value
 * @throws BadMessageError with the reason, which names each field and what is allowed
 */
export function readMessage<S extends z.ZodType>(
  message: IncomingMessage,
  schema: S,
  mostBytes = MOST_BYTES,
): ReadMessage<z.infer<S>> {
  assertWhole(message);
  if (message.value === null) throw new BadMessageError('value is missing');
  if (message.value.length > mostBytes)
    throw new BadMessageError(`value has ${message.value.length} bytes, allowed are ${mostBytes}`);
  const isEnvelope = isStructured(message);
  const value = parseJson(message.value, 'value');
  if (!isEnvelope) {
    const id = headerNamed(message, 'ce_id');
    const eventId = id === undefined ? undefined : { name: 'header ce_id', value: id };
    const traceparent = traceparentIn(message, headerNamed(message, 'ce_traceparent'));
    return { payload: fitting(schema, value, []), eventId, traceparent };
  }
  const { id, data, data_base64, traceparent } = fitting(cloudEventSchema, value, []);
  const payload =
    typeof data_base64 === 'string' ? parseJson(Buffer.from(data_base64, 'base64'), 'data_base64') : data;
  return {
    payload: fitting(schema, payload, ['data']),
    eventId: { name: 'id', value: id },
    traceparent: traceparentIn(message, traceparent),
  };
}

/** The header is of the hop that has brought the message; the CloudEvent may have come a longer way. */
function traceparentIn(message: IncomingMessage, ofEvent: unknown): string | undefined {
  return parseTraceparent(headerNamed(message, 'traceparent')) ?? parseTraceparent(ofEvent);
}

/** @param within where in the value of the message it lies */
function fitting<S extends z.ZodType>(schema: S, json: unknown, within: readonly string[]): z.infer<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(
    ({ path, message }) => `${[...within, ...path].join('.') || 'value'} ${message}`,
  );
  throw new BadMessageError(reasons.join('; '));
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadMessageError(`${name} is no text in UTF-8`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadMessageError(`${name} is no valid JSON`);
  }
}
