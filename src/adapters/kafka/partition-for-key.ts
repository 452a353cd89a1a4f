import { Partitioners } from 'kafkajs';

const partitioner = Partitioners.DefaultPartitioner();

/** Where a key goes (murmur2, as Kafka's own clients do it); the same one always to the same partition. */
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
