import { createBytesReader } from './bytes-reader.js';
import type { BatchContext } from './fetched-message.js';

/** What a batch says of itself: https://kafka.apache.org/documentation/#recordbatch */
export interface BatchHeader {
  baseOffset: bigint;
  lastOffset: bigint;
  /** Version of the format. Only what all formats have is known when it is not 2. */
  magic: number;
  crc: number;
  codec: number;
  /** Of records. */
  count: number;
  context: BatchContext;
  /** Where what the checksum covers begins. */
  checkedFrom: number;
  recordsFrom: number;
}

/** The offset and the size, which the size does not count. */
export const SIZED_FROM = 12;
/** Up to the version, at the same place in all formats. */
const VERSION_END = 17;
const HEADER_END = 61;

const CODEC = 0x07;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;

/** The size of the batch that begins here; undefined when there is less than its header. */
export function batchBytes(records: Buffer): number | undefined {
  if (records.length < VERSION_END) return undefined;
  return SIZED_FROM + records.readInt32BE(SIZED_FROM - 4);
}

/** @throws UnreadableError when the batch is shorter than a header */
export function readBatchHeader(batch: Buffer): BatchHeader {
  const reader = createBytesReader(batch);
  const baseOffset = reader.int64();
  reader.moveTo(VERSION_END - 1);
  const magic = reader.int8();
  if (magic !== 2) return unknownFormat(baseOffset, magic);
  const crc = reader.int32();
  const checkedFrom = reader.at;
  const attributes = reader.int16();
  const lastOffset = baseOffset + BigInt(reader.int32());
  // First and last time.
  reader.bytes(16);
  const producerId = String(reader.int64());
  // Epoch and sequence of the producer.
  reader.bytes(6);
  const count = reader.int32();
  return {
    baseOffset,
    lastOffset,
    magic,
    crc,
    codec: attributes & CODEC,
    count,
    context: {
      isControlRecord: (attributes & CONTROL) !== 0,
      batchContext: { producerId, inTransaction: (attributes & IN_TRANSACTION) !== 0 },
    },
    checkedFrom,
    recordsFrom: HEADER_END,
  };
}

/** A message of the formats before 2 has its last offset where a batch has its first one. */
function unknownFormat(offset: bigint, magic: number): BatchHeader {
  const batchContext = { producerId: '-1', inTransaction: false };
  return {
    baseOffset: offset,
    lastOffset: offset,
    magic,
    crc: 0,
    codec: 0,
    count: 0,
    context: { isControlRecord: false, batchContext },
    checkedFrom: 0,
    recordsFrom: 0,
  };
}
