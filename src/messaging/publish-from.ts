import type { Resumed } from '../following/follower.js';
import type { Batch, Position, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { Producer } from '../ports/message-bus.js';
import { isAborted } from '../waiting/is-aborted.js';
import type { ChangedJobs } from './changed-jobs.js';
import { eventSlices } from './event-slices.js';
import { checkpointMessage } from './publisher-checkpoint.js';
import type { RefusedEvents } from './refused-events.js';
import type { Republishing } from './republishing.js';
import type { ResumePoint } from './resume-point.js';
import { createSliceSender, type SliceSender } from './slice-sender.js';
import { toMessages, toStateMessage } from './to-messages.js';
import { EVENTS_TOPIC } from './topics.js';

export interface PublishFrom {
  logger: Logger;
  /** Asked right before each send. */
  assertMayPublish: () => void;
  /** What the topics of events have refused, and what that of jobs has; kept from one producer to the next. */
  refused: RefusedEvents;
  refusedStates: RefusedEvents;
  /** Kept from one producer to the next. */
  changedJobs: ChangedJobs;
  /** What the log had up to a position when publishing began with empty topics. */
  republishing: (upTo: Position) => Republishing;
}

interface Begin {
  resume: ResumePoint;
  republishedUpTo: Position;
}

/** Everything before it is published. */
interface Place {
  batchAfter: Position;
  signal: AbortSignal;
}

/**
 * Publishes what the topics lack: the events of a batch slice by slice, and at the end of the log the jobs as they are
 * after these events, and a checkpoint.
 */
export function publishFrom(
  producer: Producer,
  { resume: { after, reached, jobsUpTo }, republishedUpTo }: Begin,
  options: PublishFrom,
): Resumed {
  const { assertMayPublish, refused, changedJobs } = options;
  const republishing = options.republishing(republishedUpTo);
  const sender = createSliceSender(producer, { reached, assertMayPublish });
  const notedUpTo = changedJobs.resume(jobsUpTo);
  /** Everything up to here is published. */
  let position = after;
  let jobsAt = jobsUpTo;
  /** The last event that no checkpoint is behind. */
  let last: RecordedEvent | undefined;

  async function endBatch(batch: Batch, signal: AbortSignal): Promise<void> {
    if (batch.position > position) position = batch.position;
    changedJobs.note(batch);
    last = batch.events.at(-1) ?? last;
    if (!batch.caughtUp) return;
    await sendStates({ batchAfter: position, signal }, sender, options);
    if (signal.aborted) return;
    jobsAt = changedJobs.done();
    if (last === undefined) return;
    const upTo = { position: last.position, event: last, republishedUpTo, jobsUpTo: jobsAt };
    await sender.send([checkpointMessage(upTo)]);
    last = undefined;
  }

  return {
    from: notedUpTo < after ? notedUpTo : after,
    async take(batch, signal, moveTo) {
      // Those that are published already are read again for the jobs.
      const events = batch.events.filter((event) => event.position > after);
      for (const slice of eventSlices(events, refused.isAlone)) {
        // The next publisher reads from the topics what has been published.
        if (signal.aborted) return;
        const sent = await sendEvents(slice, { batchAfter: position, signal }, republishing, sender, options);
        if (sent === undefined) return;
        position = slice.at(-1)?.position ?? position;
        // A slice that is in the topics already is no progress: what failed behind it would be retried without a pause.
        if (sent > 0) moveTo(position);
      }
      await endBatch(batch, signal);
      republishing.reach(position);
    },
  };
}

/** @returns how many messages the topics lacked; undefined when the signal has aborted before they were sent */
async function sendEvents(
  slice: readonly RecordedEvent[],
  { batchAfter, signal }: Place,
  republishing: Republishing,
  { sendSlice, isMissing }: SliceSender,
  { logger, refused }: PublishFrom,
): Promise<number | undefined> {
  const leftOut = await republishing.leftOut(slice, signal);
  if (signal.aborted) return undefined;
  const missing = slice.flatMap((event) => {
    const form = refused.formOf(event);
    const messages = toMessages(event, { batchAfter, form, republished: republishing.has(event) });
    const wanted = leftOut.has(event) ? messages.filter(({ topic }) => topic === EVENTS_TOPIC) : messages;
    return wanted.filter((message) => isMissing(message, event));
  });
  const told = (fields: object): void => {
    logger.error(fields, 'event too large for its topics; published cut');
  };
  await sendSlice(slice, missing, { refused, told });
  republishing.note(slice, leftOut);
  return missing.length;
}

/** Of all jobs that have changed; until the signal aborts. */
async function sendStates(
  { batchAfter, signal }: Place,
  { sendSlice, isMissing }: SliceSender,
  { logger, refusedStates, changedJobs }: PublishFrom,
): Promise<void> {
  const told = (fields: object): void => {
    logger.error(fields, 'job too large for its topic; published cut');
  };
  for (const slice of eventSlices(changedJobs.newest(), refusedStates.isAlone)) {
    if (signal.aborted) return;
    const changed = await changedJobs.statesAfter(slice);
    if (isAborted(signal)) return;
    const messages = changed.flatMap(({ event, state }) => {
      const message = toStateMessage(event, state, { batchAfter, form: refusedStates.formOf(event) });
      return isMissing(message, event) ? [message] : [];
    });
    await sendSlice(slice, messages, { refused: refusedStates, told });
  }
}
