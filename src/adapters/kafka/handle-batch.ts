import type { EachBatchPayload } from 'kafkajs';
import type { Consumption, IncomingMessage } from '../../ports/message-bus.js';
import { incomingMessage } from './incoming-message.js';
import { isMembershipLost } from './kafka-error.js';
import type { KafkaContext } from './kafka-options.js';
import type { Membership } from './membership.js';
import { within } from './within.js';

/**
 * Hands the messages of a batch on, slice by slice. A slice that was handled is committed at once; after one that was
 * not, the partition pauses and nothing behind it is handled before. Rejects when the membership is lost, so that
 * kafkajs joins the group anew, from what was committed.
 */
export async function handleBatch(
  payload: EachBatchPayload,
  consumption: Consumption,
  context: KafkaContext,
  membership: Membership,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  for (let from = 0; from < messages.length; from += consumption.atMost) {
    const { lost } = membership;
    if (membership.isEnding()) return;
    lost.throwIfAborted();
    const slice = messages
      .slice(from, from + consumption.atMost)
      .map((message) => incomingMessage(topic, partition, message));
    const failure = await handleAlive(slice, payload, consumption, context, membership);
    if (failure === undefined) await markDone(payload, slice);
    lost.throwIfAborted();
    if (failure !== undefined) {
      if (!membership.isEnding()) redeliverLater(payload, failure.error, slice, context, membership);
      return;
    }
    membership.backOff.succeeded(partition);
  }
}

/** Heartbeats go on for as long as `handle` does. Answers how it failed, if it did. */
async function handleAlive(
  slice: readonly IncomingMessage[],
  payload: EachBatchPayload,
  consumption: Consumption,
  context: KafkaContext,
  membership: Membership,
): Promise<{ error: unknown } | undefined> {
  const handled = new AbortController();
  const beating = keepBeating(payload, handled.signal, context, membership);
  try {
    await membership.inHand(consumption.handle(slice, membership.giveUp));
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    handled.abort();
    await beating;
  }
}

async function keepBeating(
  payload: EachBatchPayload,
  handled: AbortSignal,
  { clock, timings }: KafkaContext,
  membership: Membership,
): Promise<void> {
  const { lost } = membership;
  let lastBeat = clock.monotonic();
  for (;;) {
    await clock.sleep(timings.heartbeatMs, handled);
    if (handled.aborted || lost.aborted) return;
    const beatAt = clock.monotonic();
    const left = lastBeat + timings.sessionMs - beatAt;
    try {
      await within(clock, Math.max(left, 0), 'a heartbeat', payload.heartbeat());
      lastBeat = beatAt;
    } catch (error) {
      // A broker that is away for a moment does not end the session: only its word, or the time, does.
      if (isMembershipLost(error) || clock.monotonic() >= lastBeat + timings.sessionMs)
        membership.lose(error);
    }
  }
}

/** Commits before kafkajs goes on: when that fails, the slice is delivered again. */
async function markDone(payload: EachBatchPayload, slice: readonly IncomingMessage[]): Promise<void> {
  const { topic, partition } = payload.batch;
  const last = slice.at(-1);
  if (last === undefined) return;
  const next = String(BigInt(last.offset) + 1n);
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] });
  payload.resolveOffset(last.offset);
}

/** Other partitions go on meanwhile. */
function redeliverLater(
  payload: EachBatchPayload,
  error: unknown,
  slice: readonly IncomingMessage[],
  { logger }: KafkaContext,
  membership: Membership,
): void {
  const { topic, partition } = payload.batch;
  const pauseMs = membership.backOff.failed(partition);
  logger.warn(
    { err: error, topic, partition, offset: slice[0]?.offset, pause_ms: pauseMs },
    'Messages could not be handled; they are delivered again after a pause',
  );
  const resume = payload.pause();
  void membership.pause(pauseMs).then(resume);
}
