import type { Cluster, Kafka } from 'kafkajs';
import type { Clock } from '../../ports/clock.js';
import type { Topic } from '../../ports/message-bus.js';
import { kafkaCluster } from './kafka-cluster.js';
import { isMoved } from './kafka-error.js';

/** Leaves the choice to the brokers (KIP-464): their `default.replication.factor`. */
const BROKERS_DEFAULT = -1;
const LOOK_AGAIN_MS = 50;

/** Resolves when each topic is there and has leaders: nothing can be sent to it before. */
export async function createMissingTopics(
  kafka: Kafka,
  clock: Clock,
  topics: readonly Topic[],
  signal: AbortSignal,
): Promise<void> {
  const cluster = kafkaCluster(kafka);
  await cluster.connect();
  // Asked one by one: the answer does not say which one is missing.
  const missing: Topic[] = [];
  for (const topic of topics) if (!(await isReady(cluster, topic.name))) missing.push(topic);
  if (missing.length === 0) return;
  await createTopics(kafka, missing);
  for (const { name } of missing) {
    // The brokers learn of a new topic a moment after the controller.
    while (!signal.aborted && !(await isReady(cluster, name))) await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

/** One that another process creates at the same moment is no error to kafkajs. */
async function createTopics(kafka: Kafka, topics: readonly Topic[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, settings }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: BROKERS_DEFAULT,
      configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
    })),
  });
  await admin.disconnect();
}

async function isReady(cluster: Cluster, topic: string): Promise<boolean> {
  try {
    await cluster.addMultipleTargetTopics([topic]);
    const metadata = cluster.findTopicPartitionMetadata(topic);
    // The metadata names a leader a moment before that broker knows.
    const partitions = metadata.map(({ partitionId }) => ({ partition: partitionId }));
    await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
    return true;
  } catch (error) {
    if (!isMoved(error)) throw error;
    await cluster.refreshMetadata().catch(() => undefined);
    return false;
  }
}
