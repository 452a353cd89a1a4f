import type { EachBatchPayload } from 'kafkajs';
import type { ConsumerLife } from './consumer-life.js';
import { incomingMessage } from './incoming-message.js';
import { isMembershipLost, isUnreachable } from './kafka-error.js';
import type { KafkaContext } from './kafka-options.js';
import type { Membership } from './membership.js';
import { rejoining } from './rejoining.js';
import type { FetchedMessage } from './reading/fetched-message.js';

/**
 * Handles the messages of a batch while its partition is paused. kafkajs fetches from a broker again only when its
 * whole last answer is done, so a slow partition would block the broker's others: this resolves after `pollMs` at the
 * latest, and the rest continues in the background. A quick batch ends before: then kafkajs fetches at once, without
 * waiting for the end of a pause. Rejects when the membership is lost, so that kafkajs rejoins the group.
 */
export async function handleBatch(
  payload: EachBatchPayload,
  life: Omit<ConsumerLife, 'health'>,
): Promise<void> {
  const { context, membership } = life;
  const { partition } = payload.batch;
  if (membership.isEnding()) {
    // Otherwise kafkajs would refetch the same messages until those in hand are done.
    payload.pause();
    return;
  }
  membership.lost.throwIfAborted();
  // One broker's answer may arrive after another's has made the consumer rejoin.
  if (!membership.owns(partition) || membership.isBusy(partition)) return;
  const resume = payload.pause();
  const done = new AbortController();
  void membership.inHand(partition, handleSlices(payload, life)).then((pauseMs) => {
    if (pauseMs > 0) void membership.pause(pauseMs).then(resume);
    else resume();
    done.abort();
  });
  await context.clock.sleep(context.timings.pollMs, done.signal);
}

/**
 * Commits each slice as soon as it is handled; after a failure, handles nothing beyond that slice. kafkajs resumes
 * after the last offset resolved here, which it reads only once the partition is no longer paused. Never rejects.
 * @returns how long the partition must stay paused
 */
async function handleSlices(
  payload: EachBatchPayload,
  { consumption, context, membership, turns }: Omit<ConsumerLife, 'health'>,
): Promise<number> {
  const { topic, partition } = payload.batch;
  const messages = payload.batch.messages as unknown as FetchedMessage[];
  const { lost, giveUp } = membership;
  for (let from = 0; from < messages.length; from += consumption.atMost) {
    const slice = messages.slice(from, from + consumption.atMost);
    const readable = slice
      .filter(({ unreadable }) => unreadable === undefined)
      .map((message) => incomingMessage(topic, partition, message));
    const endTurn = await turns.take();
    try {
      if (giveUp.aborted) return 0;
      if (readable.length > 0) await consumption.handle(readable, giveUp);
      tellUnreadable(payload, slice, context);
      // Even if the partition was just lost: no other member gets it before the rejoin, which waits for this.
      await markDone(payload, slice, membership);
      membership.pausesOf(partition).reset();
    } catch (error) {
      if (giveUp.aborted || lost.aborted) return 0;
      const pauseMs = membership.pausesOf(partition).next();
      context.logger.warn(
        { err: error, topic, partition, offset: slice[0]?.offset, pause_ms: pauseMs },
        'handling messages failed; redelivering after a pause',
      );
      return pauseMs;
    } finally {
      endTurn();
    }
  }
  return 0;
}

/** They are passed over: trying again cannot help, and would hold up what is behind them. */
function tellUnreadable(
  { batch: { topic, partition } }: EachBatchPayload,
  slice: readonly FetchedMessage[],
  { logger }: KafkaContext,
): void {
  for (const { offset, unreadable } of slice) {
    if (unreadable === undefined) continue;
    const { firstOffset, bytes, reason } = unreadable;
    logger.error(
      { topic, partition, offset: firstOffset, last_offset: offset, bytes, reason },
      'messages cannot be read; passed over',
    );
  }
}

/** Commits before more is handled: when that fails, the slice is delivered again. */
async function markDone(
  payload: EachBatchPayload,
  slice: readonly FetchedMessage[],
  membership: Membership,
): Promise<void> {
  const { topic, partition } = payload.batch;
  const last = slice.at(-1);
  if (last === undefined) return;
  const next = String(BigInt(last.offset) + 1n);
  try {
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset: next }] }],
    });
  } catch (error) {
    if (isMembershipLost(error)) membership.lose(error);
    else if (isUnreachable(error)) membership.lose(rejoining(error));
    throw error;
  }
  payload.resolveOffset(last.offset);
}
