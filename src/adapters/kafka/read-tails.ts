import type { Cluster } from 'kafkajs';
import type { IncomingMessage } from '../../ports/message-bus.js';
import { incomingMessage } from './incoming-message.js';
import type { FetchedMessage } from './reading/fetched-message.js';

const FETCH_BYTES = 1_048_576;
/** Factor by which each look goes further back. */
const FURTHER = 32n;

interface Span {
  topic: string;
  partition: number;
  /** Offset of the oldest message. */
  low: bigint;
  /** Offset that the next message gets. */
  high: bigint;
}

/** The newest message of each partition up to the high watermark; a partition without one is left out. */
export async function readTails(cluster: Cluster, topics: readonly string[]): Promise<IncomingMessage[]> {
  const tails: IncomingMessage[] = [];
  // One after the other: kafkajs opens a connection for each of the requests that find none.
  for (const topic of topics) {
    for (const span of await readSpans(cluster, topic)) {
      const tail = await readTail(cluster, span);
      if (tail !== undefined) tails.push(tail);
    }
  }
  return tails;
}

async function readSpans(cluster: Cluster, topic: string): Promise<Span[]> {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
  const lows = await readOffsets(cluster, topic, partitions, true);
  const highs = await readOffsets(cluster, topic, partitions, false);
  return partitions.map((partition) => {
    const [low, high] = [lows.get(partition), highs.get(partition)];
    if (low === undefined || high === undefined) {
      throw new Error(`no offsets of partition ${partition} of ${topic}`);
    }
    return { topic, partition, low, high };
  });
}

async function readOffsets(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  fromBeginning: boolean,
): Promise<Map<number, bigint>> {
  const asked = { topic, partitions: partitions.map((partition) => ({ partition })), fromBeginning };
  const answers = await cluster.fetchTopicsOffset([asked]);
  return new Map(
    answers.flatMap((answer) => answer.partitions.map((one) => [one.partition, BigInt(one.offset)] as const)),
  );
}

/**
 * The last offset may belong to no message: compaction removes some, and a transaction ends with a marker. Then this
 * looks further back, down to the oldest one.
 */
async function readTail(cluster: Cluster, span: Span): Promise<IncomingMessage | undefined> {
  const { topic, partition, low, high } = span;
  for (let back = 1n, from = high; from > low; back *= FURTHER) {
    const until = from;
    from = high - back > low ? high - back : low;
    const last = await readLast(cluster, span, from, until);
    if (last !== undefined) return incomingMessage(topic, partition, last);
  }
  return undefined;
}

/** The last message with from <= offset < until. */
async function readLast(
  cluster: Cluster,
  { topic, partition }: Span,
  from: bigint,
  until: bigint,
): Promise<FetchedMessage | undefined> {
  let last: FetchedMessage | undefined;
  for (let next = from; next < until;) {
    const records = await fetchRecords(cluster, topic, partition, next);
    // Nothing is left up to the end: compaction has removed the rest.
    if (records.length === 0) break;
    const asked = next;
    for (const record of records) {
      const offset = BigInt(record.offset);
      // The broker returns whole batches, including messages before the requested offset.
      if (offset >= from && offset < until && !record.isControlRecord) last = record;
      if (offset >= next) next = offset + 1n;
    }
    // Only messages before `asked` are left of a batch that reaches beyond it.
    if (next === asked) next += 1n;
  }
  return last;
}

/** One partition a request: only the first one of an answer is sure to have a message larger than `maxBytes`. */
async function fetchRecords(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<FetchedMessage[]> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  const answer = (await broker.fetch({
    isolationLevel: 0,
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }] }],
  })) as { responses: { partitions: { messages: FetchedMessage[] }[] }[] };
  return answer.responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
}
