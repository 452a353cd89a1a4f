import { Partitioners, type Message } from 'kafkajs';
import type { OutgoingMessage, Producer, TextOrBytes } from '../../ports/message-bus.js';
import { inTime, within } from '../../waiting/in-time.js';
import type { KafkaContext } from './kafka-options.js';
import { openKafkaClient } from './kafka-client.js';
import { kafkaCluster } from './kafka-cluster.js';
import { isMoved, isUnreachable, toStoreError } from './kafka-error.js';
import { partitionForKey } from './partition-for-key.js';
import { readTails } from './read-tails.js';
import { boundFetches } from './reading/bounded-fetches.js';
import { sendByPartition, type PartitionMessages } from './send-by-partition.js';

const LOOK_AGAIN_MS = 100;

/**
 * kafkajs sends the messages of one partition as one batch, and retries it after an error with the same sequence
 * number, so that the broker drops duplicates. The first error that reaches the caller cuts the connections: otherwise
 * kafkajs would go on retrying, and write after the next producer has read its tails.
 * @param closing aborts the opening; the owner of an open producer must close it
 */
export async function openKafkaProducer(context: KafkaContext, closing: AbortSignal): Promise<Producer> {
  const { brokers, clock, timings } = context;
  const client = openKafkaClient(context);
  const producer = client.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const cluster = kafkaCluster(client.kafka);
  boundFetches(cluster, context);
  /** Number of partitions of each topic, as first seen: a key keeps its partition. */
  const partitions = new Map<string, number>();

  async function call<T>(what: string, work: () => Promise<T>, ending?: AbortSignal): Promise<T> {
    try {
      return await within(clock, { ms: timings.callMs, what, ending }, work());
    } catch (error) {
      client.cut();
      throw toStoreError(error, brokers);
    }
  }

  async function learnPartitions(topics: readonly string[]): Promise<void> {
    await cluster.addMultipleTargetTopics([...topics]);
    await cluster.refreshMetadata();
    for (const topic of topics) {
      const count = cluster.findTopicPartitionMetadata(topic).length;
      if (!partitions.has(topic)) partitions.set(topic, count);
    }
  }

  function partitionOf({ topic, key }: Pick<OutgoingMessage, 'topic' | 'key'>): number {
    const count = partitions.get(topic);
    if (count === undefined) throw new Error(`tails were not asked of topic ${topic}`);
    return partitionForKey(key, count);
  }

  async function connect(): Promise<void> {
    await producer.connect();
    await cluster.connect();
  }

  await call('opening a producer', connect, closing);

  return {
    partitionOf,
    tails: (topics) =>
      call('reading the newest messages', async () => {
        for (;;) {
          try {
            await learnPartitions(topics);
            return await readTails(cluster, topics);
          } catch (error) {
            // A leader that died is missed only after a while (9 s by default). The loop ends on timeout: the connections
            // are cut then.
            if (!isMoved(error) && !isUnreachable(error)) throw error;
            await clock.sleep(LOOK_AGAIN_MS);
          }
        }
      }),
    send: (messages) =>
      call('sending', async () => {
        const unknown = new Set(messages.map(({ topic }) => topic).filter((topic) => !partitions.has(topic)));
        if (unknown.size > 0) await learnPartitions([...unknown]);
        await sendByPartition(producer, groupByPartition(messages, partitionOf), timings.requestMs);
      }),
    async close() {
      const goodbye = Promise.all([producer.disconnect(), cluster.disconnect()]);
      await inTime(clock, timings.closeMs, goodbye).catch(() => undefined);
      client.cut();
    },
  };
}

function groupByPartition(
  messages: readonly OutgoingMessage[],
  partitionOf: (message: OutgoingMessage) => number,
): PartitionMessages[] {
  const places = new Map<string, PartitionMessages & { messages: Message[] }>();
  for (const message of messages) {
    const { topic, key, headers, value } = message;
    const partition = partitionOf(message);
    const place = places.get(`${topic} ${partition}`) ?? { topic, partition, messages: [] };
    places.set(`${topic} ${partition}`, place);
    place.messages.push({
      key: textOrBuffer(key),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, content]) => [name, textOrBuffer(content)]),
      ),
      value: value === null ? null : textOrBuffer(value),
    });
  }
  return [...places.values()];
}

/** kafkajs writes whatever is neither as the text that it converts to. */
function textOrBuffer(content: TextOrBytes): string | Buffer {
  return typeof content === 'string'
    ? content
    : Buffer.from(content.buffer, content.byteOffset, content.length);
}
