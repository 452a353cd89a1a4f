import type { RecordMetadata } from 'kafkajs';

/**
 * kafkajs leaves out silently what goes to a partition that has no leader in its metadata. So only what was answered
 * counts.
 */
export function expectAllWritten(
  byTopic: ReadonlyMap<string, readonly { partition: number }[]>,
  answers: readonly Pick<RecordMetadata, 'topicName' | 'partition'>[],
): void {
  const written = new Set(answers.map(({ topicName, partition }) => `${topicName} ${partition}`));
  for (const [topic, messages] of byTopic) {
    const missing = messages.find(({ partition }) => !written.has(`${topic} ${partition}`));
    if (missing) throw new Error(`partition ${missing.partition} of ${topic} has not been written to`);
  }
}
