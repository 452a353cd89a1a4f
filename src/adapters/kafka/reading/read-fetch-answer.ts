import { createBytesReader, type BytesReader } from './bytes-reader.js';
import type { FetchedMessage } from './fetched-message.js';
import type { BatchReading } from './read-batch.js';
import { MOST_PARTITION_BYTES } from './most-bytes.js';
import { readRecords } from './read-records.js';

/** As kafkajs has it from its own decoder. */
export interface FetchAnswer {
  throttleTime: number;
  clientSideThrottleTime: number;
  errorCode: number;
  sessionId: number;
  responses: { topicName: string; partitions: FetchedPartition[] }[];
}

export interface FetchedPartition {
  partition: number;
  errorCode: number;
  highWatermark: string;
  lastStableOffset: string;
  lastStartOffset: string;
  abortedTransactions: { producerId: string; firstOffset: string }[];
  preferredReadReplica: number;
  messages: FetchedMessage[];
}

export interface AnswerReading extends BatchReading {
  /** The offset that was asked for. */
  offsetOf: (topic: string, partition: number) => bigint;
  /** How much may be taken from the answer, bytes of memory; the rest is left out, and must be asked for again. */
  room: number;
  /** Is told how much was taken from each partition. */
  onTaken: (topic: string, partition: number, bytes: number) => void;
}

/** The first version in which the broker may name a better replica. */
const REPLICA_VERSION = 11;

/**
 * A broker's answer to a fetch, of versions 7 to 11 of the request. kafkajs would take as many bytes, messages and headers
 * as there are, in time quadratic to the headers of a message, and never get past what it cannot read.
 */
export async function readFetchAnswer(
  answer: Buffer,
  version: number,
  reading: AnswerReading,
): Promise<FetchAnswer> {
  const reader = createBytesReader(answer);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: FetchAnswer['responses'] = [];
  let { room } = reading;
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topicName = reader.bytes(reader.int16()).toString();
    const partitions: FetchedPartition[] = [];
    for (let left = reader.int32(); left > 0; left--) {
      const { records, ...head } = readPartition(reader, version);
      const { partition, highWatermark } = head;
      const fetched = { records, from: reading.offsetOf(topicName, partition), highWatermark };
      const taken = await readRecords(fetched, Math.min(room, MOST_PARTITION_BYTES), reading);
      room -= taken.bytes;
      reading.onTaken(topicName, partition, taken.bytes);
      partitions.push({ ...head, highWatermark: String(highWatermark), messages: taken.messages });
    }
    responses.push({ topicName, partitions });
  }
  // The broker expects that the client waits, and ignores its requests until then: the answer itself was not held back.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function readPartition(
  reader: BytesReader,
  version: number,
): Omit<FetchedPartition, 'messages' | 'highWatermark'> & { highWatermark: bigint; records: Buffer } {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  const lastStableOffset = String(reader.int64());
  const lastStartOffset = String(reader.int64());
  const abortedTransactions: FetchedPartition['abortedTransactions'] = [];
  for (let left = reader.int32(); left > 0; left--) {
    const producerId = String(reader.int64());
    abortedTransactions.push({ producerId, firstOffset: String(reader.int64()) });
  }
  const preferredReadReplica = version >= REPLICA_VERSION ? reader.int32() : -1;
  const records = reader.bytes(Math.max(0, reader.int32()));
  return {
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    lastStartOffset,
    abortedTransactions,
    preferredReadReplica,
    records,
  };
}
