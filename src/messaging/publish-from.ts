import type { Resumed } from '../following/follower.js';
import type { Batch, Position, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { OutgoingMessage, Producer } from '../ports/message-bus.js';
import { StoreError } from '../ports/store-error.js';
import { isAborted } from '../waiting/is-aborted.js';
import type { ChangedJobs } from './changed-jobs.js';
import { eventSlices } from './event-slices.js';
import { checkpointMessage } from './publisher-checkpoint.js';
import type { RefusedEvents } from './refused-events.js';
import type { Republishing } from './republishing.js';
import { placeOf, type ResumePoint } from './resume-point.js';
import { toMessages, toStateMessage } from './to-messages.js';
import { EVENTS_TOPIC } from './topics.js';

/** All but the log line is kept from one producer to the next. */
export interface PublishFrom {
  logger: Logger;
  /** Asked right before each send. */
  assertMayPublish: () => void;
  /** What the topics of events have refused, and what that of jobs has. */
  refused: RefusedEvents;
  refusedStates: RefusedEvents;
  changedJobs: ChangedJobs;
  /** What the log had up to a position when publishing began with empty topics. */
  republishing: (upTo: Position) => Republishing;
}

interface Begin {
  resume: ResumePoint;
  republishedUpTo: Position;
}

/**
 * Publishes what the topics lack: the events of a batch slice by slice, and at the end of the log the jobs as they are
 * after these events, and a checkpoint.
 */
export function publishFrom(
  producer: Producer,
  { resume: { after, reached, jobsUpTo }, republishedUpTo }: Begin,
  { logger, assertMayPublish, refused, refusedStates, changedJobs, ...options }: PublishFrom,
): Resumed {
  const republishing = options.republishing(republishedUpTo);
  const notedUpTo = changedJobs.resume(jobsUpTo);
  /** Everything up to here is published. */
  let position = after;
  let jobsAt = jobsUpTo;
  /** The last event that no checkpoint is behind. */
  let last: RecordedEvent | undefined;

  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    assertMayPublish();
    await producer.send(messages);
  }

  /** @param told the line for one that was sent cut */
  async function sendSlice(
    slice: readonly RecordedEvent[],
    messages: readonly OutgoingMessage[],
    { refused, told }: { refused: RefusedEvents; told: (fields: object) => void },
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
      if (form !== 'whole') told({ position, id, type, stream, form });
    }
    refused.forget(slice);
  }

  function isMissing(message: OutgoingMessage, event: RecordedEvent): boolean {
    const { topic } = message;
    const there = reached.get(placeOf({ topic, partition: producer.partitionOf(message) }));
    return there === undefined || there < event.position;
  }

  /** Those that are published already are read again for the jobs. */
  function unpublished({ events }: Batch): readonly RecordedEvent[] {
    return (events[0]?.position ?? position) <= position
      ? events.filter((e) => e.position > position)
      : events;
  }

  async function sendEvents(
    batch: Batch,
    signal: AbortSignal,
    moveTo: (position: Position) => void,
  ): Promise<void> {
    for (const slice of eventSlices(unpublished(batch), refused.isAlone)) {
      // The next publisher reads from the topics what has been published.
      if (signal.aborted) return;
      const leftOut = await republishing.leftOut(slice, signal);
      if (isAborted(signal)) return;
      const batchAfter = position;
      const missing = slice.flatMap((event) =>
        toMessages(event, {
          batchAfter,
          form: refused.formOf(event),
          republished: republishing.has(event),
        }).filter(
          (message) => (message.topic === EVENTS_TOPIC || !leftOut.has(event)) && isMissing(message, event),
        ),
      );
      const told = (fields: object): void => {
        logger.error(fields, 'event too large for its topics; published cut');
      };
      await sendSlice(slice, missing, { refused, told });
      position = slice.at(-1)?.position ?? position;
      republishing.note(slice, leftOut);
      // A slice that is in the topics already is no progress: what failed behind it would be retried without a pause.
      if (missing.length > 0) moveTo(position);
    }
  }

  async function sendStates(signal: AbortSignal): Promise<void> {
    for (const slice of eventSlices(changedJobs.newest(), refusedStates.isAlone)) {
      if (signal.aborted) return;
      const missing = (await changedJobs.statesAfter(slice))
        .map(({ event, state }) => ({
          event,
          message: toStateMessage(event, state, { batchAfter: position, form: refusedStates.formOf(event) }),
        }))
        .filter(({ event, message }) => isMissing(message, event));
      const told = (fields: object): void => {
        logger.error(fields, 'job too large for its topic; published cut');
      };
      const messages = missing.map(({ message }) => message);
      await sendSlice(slice, messages, { refused: refusedStates, told });
    }
    if (!signal.aborted) jobsAt = changedJobs.done();
  }

  return {
    from: notedUpTo < after ? notedUpTo : after,
    async take(batch, signal, moveTo) {
      await sendEvents(batch, signal, moveTo);
      if (signal.aborted) return;
      if (batch.position > position) position = batch.position;
      changedJobs.note(batch);
      last = batch.events.at(-1) ?? last;
      if (batch.caughtUp) {
        await sendStates(signal);
        if (isAborted(signal)) return;
        if (last !== undefined) {
          const upTo = { position: last.position, event: last, republishedUpTo, jobsUpTo: jobsAt };
          await send([checkpointMessage(upTo)]);
        }
        last = undefined;
      }
      republishing.reach(position);
    },
  };
}
