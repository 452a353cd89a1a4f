import { Partitioners } from 'kafkajs';

const partitioner = Partitioners.DefaultPartitioner();

/** The partition of a key (murmur2, as in Kafka's own clients), always the same one. */
export function partitionForKey(key: string, partitions: number): number {
  return partitioner({
    topic: '',
    // Only the number of partitions counts when there is a key.
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 0,
      replicas: [],
      isr: [],
    })),
    message: { key, value: null },
  });
}
