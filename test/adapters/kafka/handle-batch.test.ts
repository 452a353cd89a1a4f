import { describe, expect, it } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import { createPausesByKey } from '../../../src/waiting/pauses.js';
import { handleBatch } from '../../../src/adapters/kafka/handle-batch.js';
import { createMembership } from '../../../src/adapters/kafka/membership.js';
import { createTurns } from '../../../src/waiting/turns.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { contextFor } from './context-for.js';

/** @param commit what becomes of the offsets of one message */
function member(commit: (offsets: unknown) => Promise<unknown>) {
  const handled: number[] = [];
  const membership = createMembership(
    systemClock,
    new AbortController().signal,
    createPausesByKey({ firstMs: 1, longestMs: 1 }),
  );
  const consumption = {
    topic: 'a',
    group: 'a',
    atMost: 1,
    partitionsAtOnce: 1,
    signal: new AbortController().signal,
    handle: ([message]: readonly { partition: number }[]) => {
      handled.push(message?.partition ?? -1);
      return Promise.resolve();
    },
  };
  const give = (partition: number): Promise<void> => {
    const payload = {
      batch: { topic: 'a', partition, messages: [{ offset: '0', key: null, value: null, headers: {} }] },
      pause: () => () => undefined,
      commitOffsetsIfNecessary: commit,
      resolveOffset: () => undefined,
    };
    return handleBatch(payload as unknown as EachBatchPayload, {
      consumption,
      context: contextFor(1),
      membership,
      turns: createTurns(1),
    });
  };
  return { handled, membership, give };
}

describe('a batch of Kafka', () => {
  it('is left alone when its partition belongs to another since', async () => {
    const committed: unknown[] = [];
    const { handled, membership, give } = member((offsets) => Promise.resolve(committed.push(offsets)));
    membership.joined([0, 1]);
    await give(0);
    await give(1);
    membership.joined([1]);
    await give(0);
    await give(1);
    expect(handled).toEqual([0, 1, 1]);
    expect(committed).toHaveLength(3);
  });

  it('makes the member join anew when its coordinator cannot be reached, instead of handling it again', async () => {
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { name: 'KafkaJSConnectionError' });
    const { handled, membership, give } = member(() => Promise.reject(gone));
    membership.joined([0]);
    await give(0);
    await membership.idle();
    await expect(give(0)).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
    expect(handled).toEqual([0]);
  });
});
