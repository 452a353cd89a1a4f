import type { Message, Producer } from 'kafkajs';

/** What goes to one partition, in order. */
export interface PartitionMessages {
  topic: string;
  partition: number;
  messages: readonly Message[];
}

/**
 * Makes a separate call for each partition. Between two attempts of one call, kafkajs remembers which brokers have
 * answered, not for which partitions: when a partition moves between them, it sends that one again, with a new sequence
 * number, or leaves it out. A call for one partition has either been answered or not. Settles when all have, with the
 * first error.
 * @param timeoutMs how long the brokers wait for the replicas
 */
export async function sendByPartition(
  producer: Pick<Producer, 'send'>,
  batches: readonly PartitionMessages[],
  timeoutMs: number,
): Promise<void> {
  const sent = await Promise.allSettled(
    batches.map(async ({ topic, partition, messages }) => {
      const placed = messages.map((message) => ({ ...message, partition }));
      const answers = await producer.send({ topic, messages: placed, timeout: timeoutMs });
      // Silently left out by kafkajs when the partition has no leader in its metadata.
      if (answers.length === 0) throw new Error(`partition ${partition} of ${topic} has not been written to`);
    }),
  );
  const failed = sent.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
