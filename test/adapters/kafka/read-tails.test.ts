import { describe, expect, it } from '@jest/globals';
import type { Cluster } from 'kafkajs';
import { readTails } from '../../../src/adapters/kafka/read-tails.js';

describe('the newest messages of Kafka', () => {
  it('are found before a batch of which compaction has removed the end', async () => {
    const record = (offset: number, isControlRecord = false) => ({
      offset: String(offset),
      key: null,
      value: null,
      headers: {},
      isControlRecord,
    });
    let fetches = 0;
    const broker = {
      // A batch of the offsets 0 to 4 of which two are left, and the marker of a transaction.
      fetch({ topics }: { topics: { partitions: { fetchOffset: string }[] }[] }) {
        if (++fetches > 100) throw new Error('it reads the same again and again');
        const isInBatch = Number(topics[0]?.partitions[0]?.fetchOffset) <= 4;
        const messages = isInBatch ? [record(0), record(1)] : [record(5, true)];
        return Promise.resolve({ responses: [{ partitions: [{ messages }] }] });
      },
    };
    const cluster = {
      findTopicPartitionMetadata: () => [{ partitionId: 0 }],
      fetchTopicsOffset: ([{ fromBeginning }]: [{ fromBeginning: boolean }]) =>
        Promise.resolve([{ topic: 'a', partitions: [{ partition: 0, offset: fromBeginning ? '0' : '6' }] }]),
      findLeaderForPartitions: () => ({ 1: [0] }),
      findBroker: () => Promise.resolve(broker),
    };
    const tails = await readTails(cluster as unknown as Cluster, ['a']);
    expect(tails.map(({ offset }) => offset)).toEqual(['1']);
  });
});
