import { describe, expect, it } from '@jest/globals';
import type { Message, RecordMetadata } from 'kafkajs';
import { sendByPartition } from '../../../src/adapters/kafka/send-by-partition.js';
import { createGate } from '../../support/eventually.js';

describe('sending to Kafka', () => {
  const batch = (topic: string, partition: number) => ({
    topic,
    partition,
    messages: [{ key: 'a', value: 'a' }] as Message[],
  });

  it('makes a call for each partition, and ends when all have ended', async () => {
    const slow = createGate();
    const calls: string[] = [];
    let ended = false;
    const producer = {
      async send({ topic, messages }: { topic: string; messages: Message[] }): Promise<RecordMetadata[]> {
        const partition = messages[0]?.partition ?? -1;
        calls.push(`${topic} ${partition} ${messages.length}`);
        if (partition === 0) throw new Error('refused');
        await slow.passed;
        return [{ topicName: topic, partition, errorCode: 0 }];
      },
    };
    const sending = sendByPartition(producer, [batch('a', 0), batch('a', 1), batch('b', 2)], 1_000);
    const seen = sending.catch((error: unknown) => error).finally(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(['a 0 1', 'a 1 1', 'b 2 1']);
    expect(ended).toBe(false);
    slow.open();
    expect(await seen).toMatchObject({ message: 'refused' });
  });

  it('takes no answer for an error', async () => {
    const producer = { send: () => Promise.resolve([]) };
    await expect(sendByPartition(producer, [batch('a', 0)], 1_000)).rejects.toThrow(
      'has not been written to',
    );
  });
});
