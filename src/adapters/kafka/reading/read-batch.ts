import type { Clock } from '../../../ports/clock.js';
import type { Turns } from '../../../waiting/turns.js';
import { createBytesReader } from './bytes-reader.js';
import { crc32c } from './crc32c.js';
import { decompress } from './decompress.js';
import { placeholder, type FetchedMessage } from './fetched-message.js';
import type { BatchHeader } from './read-batch-header.js';
import { MESSAGE_BYTES, MOST_BATCH_BYTES } from './most-bytes.js';
import { readRecord } from './read-record.js';
import { UnreadableError } from './unreadable-error.js';
import { createWorkPace } from './work-pace.js';

export interface BatchReading {
  clock: Pick<Clock, 'yield'>;
  /** One batch is decompressed at a time, by all consumers together. */
  decompressing: Turns;
}

/** Takes a message in. @returns whether there is room for more */
export type TakeMessage = (message: FetchedMessage, bytes: number) => boolean;

/** What takes about as long as reading one of the records. */
const RECORD_WORK = 100;
const CHECKED_AT_ONCE = 131_072;

/**
 * Gives the messages of a batch from an offset on to `take`, as many as it has room for. Where the last ones were removed
 * by compaction a control message stands for them, or kafkajs would ask for them for ever.
 * @param batch all of it, as it came
 * @throws UnreadableError when it cannot be read, perhaps after some of its messages
 */
export async function readBatch(
  header: BatchHeader,
  batch: Buffer,
  from: bigint,
  { clock, decompressing }: BatchReading,
  take: TakeMessage,
): Promise<void> {
  if (batch.length > MOST_BATCH_BYTES) {
    throw new UnreadableError(`it has ${batch.length} bytes, allowed are ${MOST_BATCH_BYTES}`);
  }
  if (header.magic !== 2) throw new UnreadableError(`its format is not read: version ${header.magic}`);
  if (header.lastOffset < header.baseOffset) throw new UnreadableError('it ends before it begins');
  let crc = 0;
  const checked = batch.subarray(header.checkedFrom);
  for (let at = 0; at < checked.length; at += CHECKED_AT_ONCE) {
    if (at > 0) await clock.yield();
    crc = crc32c(checked.subarray(at, at + CHECKED_AT_ONCE), crc);
  }
  if (crc !== header.crc) throw new UnreadableError('its checksum is wrong');
  const compressed = batch.subarray(header.recordsFrom);
  const endTurn = await decompressing.take();
  try {
    const records = await decompress(header.codec, compressed, { most: MOST_BATCH_BYTES, clock });
    await readRecords(header, records, from, clock, take);
  } finally {
    endTurn();
  }
}

async function readRecords(
  header: BatchHeader,
  records: Buffer,
  from: bigint,
  clock: Pick<Clock, 'yield'>,
  take: TakeMessage,
): Promise<void> {
  const { baseOffset, lastOffset, count, context } = header;
  const pace = createWorkPace(clock);
  const reader = createBytesReader(records);
  const first = Number(from - baseOffset);
  const most = Number(lastOffset - baseOffset);
  let last = -1;
  for (let index = 0; index < count; index++) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.bytes(length);
    reader.moveTo(end - length);
    // Attributes, without a meaning so far; and the time.
    reader.int8();
    reader.skipVarlong();
    const delta = reader.varint();
    if (delta <= last || delta > most) throw new UnreadableError('its offsets are not in order');
    last = delta;
    let work = RECORD_WORK;
    if (delta >= first) {
      const { message, bytes } = readRecord(reader, baseOffset + BigInt(delta), context);
      if (reader.at > end) throw new UnreadableError('a record is longer than it says');
      if (!take(message, bytes + MESSAGE_BYTES)) return;
      work += bytes + MESSAGE_BYTES;
    }
    reader.moveTo(end);
    if (pace.isDue(work)) await pace.giveWay();
  }
  if (baseOffset + BigInt(last) < lastOffset) {
    take(placeholder(lastOffset, { isControlRecord: true, batchContext: context.batchContext }), 0);
  }
}
