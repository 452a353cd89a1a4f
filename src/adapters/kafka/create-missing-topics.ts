import type { Cluster, Kafka } from 'kafkajs';
import type { Clock } from '../../ports/clock.js';
import type { Topic } from '../../ports/message-bus.js';
import { kafkaCluster } from './kafka-cluster.js';
import type { NewTopics } from './kafka-options.js';
import { isMoved, isUnknownTopic, isUnreachable } from './kafka-error.js';

/** Leaves the choice to the brokers (KIP-464): their `default.replication.factor`. */
const BROKERS_DEFAULT = -1;
const LOOK_AGAIN_MS = 50;

export interface CreateMissingTopics {
  clock: Clock;
  topics: readonly Topic[];
  newTopics: NewTopics;
  /** Ends the waiting. */
  signal: AbortSignal;
}

/**
 * Resolves when each topic is there and has leaders: nothing can be sent to it before. One that is there and has none, as a
 * broker has died or is being elected, is waited for.
 * @returns the names of those that are lost with one broker, although there are several
 */
export async function createMissingTopics(
  kafka: Kafka,
  { clock, topics, newTopics, signal }: CreateMissingTopics,
): Promise<string[]> {
  const cluster = kafkaCluster(kafka);
  await cluster.connect();
  // Asked one by one: the answer does not say which one is missing.
  const missing: Topic[] = [];
  for (const topic of topics) if (!(await isThere(cluster, topic.name))) missing.push(topic);
  if (missing.length > 0) await createTopics(kafka, missing, newTopics);
  for (const { name } of topics) {
    // The brokers learn of a new topic a moment after the controller.
    while (!signal.aborted && !(await isReady(cluster, name))) await clock.sleep(LOOK_AGAIN_MS, signal);
  }
  if (cluster.getNodeIds().length === 1) return [];
  return topics.map(({ name }) => name).filter((name) => hasOneCopy(cluster, name));
}

/** One that another process creates at the same moment is no error to kafkajs. */
async function createTopics(
  kafka: Kafka,
  topics: readonly Topic[],
  { replicationFactor = BROKERS_DEFAULT, minInsyncReplicas }: NewTopics,
): Promise<void> {
  const own = minInsyncReplicas === undefined ? {} : { 'min.insync.replicas': String(minInsyncReplicas) };
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, settings }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries({ ...own, ...settings }).map(([key, value]) => ({ name: key, value })),
    })),
  });
  await admin.disconnect();
}

function hasOneCopy(cluster: Cluster, topic: string): boolean {
  return cluster.findTopicPartitionMetadata(topic).some(({ replicas }) => replicas.length === 1);
}

async function isThere(cluster: Cluster, topic: string): Promise<boolean> {
  try {
    await cluster.addMultipleTargetTopics([topic]);
    return true;
  } catch (error) {
    if (isUnknownTopic(error)) return false;
    // Its leaders are away.
    if (isMoved(error)) return true;
    throw error;
  }
}

async function isReady(cluster: Cluster, topic: string): Promise<boolean> {
  try {
    await cluster.addMultipleTargetTopics([topic]);
    const metadata = cluster.findTopicPartitionMetadata(topic);
    // The metadata names a leader a moment before that broker knows, and for a while after it has died.
    const partitions = metadata.map(({ partitionId }) => ({ partition: partitionId }));
    await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
    return true;
  } catch (error) {
    if (!isMoved(error) && !isUnreachable(error)) throw error;
    await cluster.refreshMetadata().catch(() => undefined);
    return false;
  }
}
