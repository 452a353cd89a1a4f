import type { Resumed } from '../following/follower.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { OutgoingMessage, Producer } from '../ports/message-bus.js';
import { StoreError } from '../ports/store-error.js';
import { eventSlices } from './event-slices.js';
import type { RefusedEvents } from './refused-events.js';
import { placeOf, resumePoint, type ResumePoint } from './resume-point.js';
import { toMessages } from './to-messages.js';
import { CHECKPOINT_TOPIC, EVENTS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC } from './topics.js';

export interface PublishFromTails {
  log: EventLog;
  logger: Logger;
  /** Asked right before each send. */
  assertMayPublish: () => void;
  /** Kept from one producer to the next. */
  refused: RefusedEvents;
}

export const PUBLISHED_TOPICS: readonly string[] = [
  EVENTS_TOPIC,
  RUNS_TOPIC,
  REMINDERS_TOPIC,
  CHECKPOINT_TOPIC,
];

/** This log is not the one whose events were published. Nothing is sent until an operator has decided. */
class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
}

/**
 * Resumes publishing from the position recorded in the newest messages of the topics. Closes the producer in the end,
 * even when it cannot begin.
 */
export async function publishFromTails(producer: Producer, options: PublishFromTails): Promise<Resumed> {
  try {
    const resume = resumePoint(await producer.tails(PUBLISHED_TOPICS));
    if (resume.foreign.length > 0) {
      const text = 'newest message by another producer; a batch may be repeated';
      options.logger.warn({ partitions: resume.foreign }, text);
    }
    await assertSameLog(resume, options.log);
    return publishFrom(resume, producer, options);
  } catch (error) {
    await close(producer, options.logger);
    throw error;
  }
}

function publishFrom(
  { after, reached }: ResumePoint,
  producer: Producer,
  { logger, assertMayPublish, refused }: PublishFromTails,
): Resumed {
  let position = after;

  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    assertMayPublish();
    await producer.send(messages);
  }

  async function sendSlice(
    slice: readonly RecordedEvent[],
    messages: readonly OutgoingMessage[],
  ): Promise<void> {
    try {
      await send(messages);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'message_too_large') refused.refuse(slice);
      throw error;
    }
    for (const event of messages.length > 0 ? slice : []) {
      const { id, type, stream, position } = event;
      const form = refused.formOf(event);
      if (form === 'whole') continue;
      logger.error({ position, id, type, stream, form }, 'event too large for its topics; published cut');
    }
    refused.forget(slice);
  }

  function isMissing(message: OutgoingMessage, event: RecordedEvent): boolean {
    const { topic } = message;
    const there = reached.get(placeOf({ topic, partition: producer.partitionOf(message) }));
    return there === undefined || there < event.position;
  }

  return {
    from: after,
    async take(batch, signal, moveTo) {
      for (const slice of eventSlices(batch.events, refused.isAlone)) {
        // The next publisher reads from the topics what has been published.
        if (signal.aborted) return;
        const batchAfter = position;
        const missing = slice.flatMap((event) =>
          toMessages(event, batchAfter, refused.formOf(event)).filter((message) => isMissing(message, event)),
        );
        await sendSlice(slice, missing);
        position = slice.at(-1)?.position ?? position;
        // A slice that is in the topics already is no progress: what failed behind it would be retried without a pause.
        if (missing.length > 0) moveTo(position);
      }
      const last = batch.events.at(-1);
      if (last !== undefined && batch.caughtUp) await send([checkpointMessage(last)]);
      position = batch.position;
    },
    close: () => close(producer, logger),
  };
}

function checkpointMessage({ position, id }: RecordedEvent): OutgoingMessage {
  const value = JSON.stringify({ position, event: { position, id } });
  return { topic: CHECKPOINT_TOPIC, key: 'checkpoint', headers: {}, value };
}

/** A log that was restored from a backup may lack events that were published, or have others in their place. */
async function assertSameLog({ newest }: ResumePoint, log: EventLog): Promise<void> {
  if (newest === undefined || (await log.eventIdAt(newest.position)) === newest.id) return;
  throw new OtherLogError(
    `event ${newest.id} was published as the one at position ${newest.position} of the log, but it is not there: ` +
      'this is another log, or an older copy of it. See "Publishing after a restore" in docs/operations.md',
  );
}

async function close(producer: Producer, logger: Logger): Promise<void> {
  try {
    await producer.close();
  } catch (error) {
    logger.warn({ err: error }, 'closing a producer failed');
  }
}
