import type { BytesReader } from './bytes-reader.js';
import type { BatchContext, FetchedMessage } from './fetched-message.js';
import {
  MOST_HEADER_NAME_BYTES,
  MOST_HEADER_VALUE_BYTES,
  MOST_HEADERS,
  MOST_KEY_BYTES,
  MOST_VALUE_BYTES,
} from './most-bytes.js';

/** How many of the parts that are too large are named. */
const MOST_NAMED = 5;

/**
 * The message of a record, from its key on. What is larger than its limit is cut; all is copied, so that the rest of its
 * batch can be freed. `bytes` is how much the copies take.
 */
export function readRecord(
  reader: BytesReader,
  offset: bigint,
  context: BatchContext,
): { message: FetchedMessage; bytes: number } {
  const excess: string[] = [];
  let bytes = 0;

  function part(name: () => string, most: number): Buffer | null {
    const length = reader.varint();
    if (length === -1) return null;
    const view = reader.bytes(length);
    if (length > most && excess.length < MOST_NAMED) {
      excess.push(`${name()} has ${length} bytes, allowed are ${most}`);
    }
    const kept = Buffer.from(view.subarray(0, most));
    bytes += kept.length;
    return kept;
  }

  const key = part(() => 'key', MOST_KEY_BYTES);
  const value = part(() => 'value', MOST_VALUE_BYTES);
  const headers = new Map<string, Buffer>();
  const count = reader.varint();
  if (count > MOST_HEADERS) excess.push(`it has ${count} headers, allowed are ${MOST_HEADERS}`);
  for (let index = 0; index < Math.min(count, MOST_HEADERS); index++) {
    const name = part(() => 'the name of a header', MOST_HEADER_NAME_BYTES)?.toString() ?? '';
    const content = part(() => `header ${name}`, MOST_HEADER_VALUE_BYTES);
    // A name may come several times: the last one counts, as in Kafka's own clients.
    if (content !== null) headers.set(name, content);
  }
  const message: FetchedMessage = {
    isControlRecord: context.isControlRecord,
    batchContext: context.batchContext,
    offset: String(offset),
    key,
    value,
    headers: Object.fromEntries(headers),
    tooLarge: excess.length === 0 ? undefined : excess.join('; '),
  };
  return { message, bytes };
}
