import { placeholder, type BatchContext, type FetchedMessage, type Unreadable } from './fetched-message.js';
import { readBatch, type BatchReading } from './read-batch.js';
import { batchBytes, readBatchHeader, type BatchHeader } from './read-batch-header.js';
import { UnreadableError } from './unreadable-error.js';

/** What a broker has sent of one partition. */
export interface FetchedRecords {
  /** Batches one after the other; the last one may be cut off. */
  records: Buffer;
  /** The offset that was asked for. The first batch may begin before it. */
  from: bigint;
  /** Offset that the next message gets. */
  highWatermark: bigint;
}

/** As if it took so much memory: finding out that a batch is too large takes a while, and the group waits meanwhile. */
const UNREADABLE_BYTES = 262_144;
const NO_CONTEXT: BatchContext = {
  isControlRecord: false,
  batchContext: { producerId: '-1', inTransaction: false },
};

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * The messages from an offset on, until they have `most` bytes: at least one when there is one. A placeholder stands for
 * what cannot be read, so that whoever reads tells it and gets past it. `bytes` is the memory that they take.
 */
export async function readRecords(
  fetched: FetchedRecords,
  most: number,
  reading: BatchReading,
): Promise<{ messages: FetchedMessage[]; bytes: number }> {
  const { records, from } = fetched;
  const messages: FetchedMessage[] = [];
  let bytes = 0;

  function take(message: FetchedMessage, more: number): boolean {
    messages.push(message);
    bytes += more;
    return bytes < most;
  }

  function takeUnreadable(last: bigint, unreadable: Unreadable, context: BatchContext = NO_CONTEXT): void {
    const { batchContext } = context;
    take(placeholder(last, { isControlRecord: false, batchContext }, unreadable), UNREADABLE_BYTES);
  }

  let at = 0;
  while (bytes < most) {
    const rest = records.subarray(at);
    const size = batchBytes(rest);
    if (size === undefined) break;
    // Only later ones may be cut off. The first one is whole, or its size is wrong.
    if (at > 0 && size > rest.length) break;
    const batch = rest.subarray(0, size);
    const header = size > rest.length ? undefined : headerOf(batch);
    if (header === undefined) {
      const reason = 'its size is wrong';
      takeUnreadable(from, { firstOffset: String(from), bytes: rest.length, reason });
      break;
    }
    at += size;
    if (header.lastOffset < from && header.lastOffset >= header.baseOffset) continue;
    const before = messages.length;
    try {
      await readBatch(header, batch, from, reading, take);
    } catch (error) {
      const last = lastOffsetOf(header, fetched);
      const read = messages.length > before ? BigInt(messages.at(-1)?.offset ?? 0) + 1n : from;
      const reason = error instanceof Error ? error.message : String(error);
      const firstOffset = String(min(last, max(read, header.baseOffset)));
      takeUnreadable(last, { firstOffset, bytes: size, reason }, header.context);
    }
  }
  if (messages.length === 0 && at > 0) {
    const reason = 'there are only older messages in its place';
    takeUnreadable(from, { firstOffset: String(from), bytes: records.length, reason });
  }
  return { messages, bytes };
}

function headerOf(batch: Buffer): BatchHeader | undefined {
  try {
    return readBatchHeader(batch);
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** What is damaged may say anything. */
function lastOffsetOf(
  { baseOffset, lastOffset }: BatchHeader,
  { from, highWatermark }: FetchedRecords,
): bigint {
  return lastOffset < highWatermark && lastOffset >= from ? lastOffset : max(from, baseOffset);
}
