import type { Resumed } from '../following/follower.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { Producer } from '../ports/message-bus.js';
import { publishFrom, type PublishFrom } from './publish-from.js';
import { checkpointMessage } from './publisher-checkpoint.js';
import { resumePoint, type ResumePoint } from './resume-point.js';
import { CHECKPOINT_TOPIC, EVENTS_TOPIC, JOBS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC } from './topics.js';

export interface PublishFromTails extends PublishFrom {
  log: EventLog;
  logger: Logger;
}

export const PUBLISHED_TOPICS: readonly string[] = [
  EVENTS_TOPIC,
  RUNS_TOPIC,
  REMINDERS_TOPIC,
  JOBS_TOPIC,
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
  const { log, logger } = options;
  try {
    const resume = resumePoint(await producer.tails(PUBLISHED_TOPICS));
    if (resume.foreign.length > 0) {
      const text = 'newest message by another producer; a batch may be repeated';
      logger.warn({ partitions: resume.foreign }, text);
    }
    await assertSameLog(resume, log);
    const republishedUpTo = resume.isNew ? await beginAnew(producer, options) : resume.republishedUpTo;
    return {
      ...publishFrom(producer, { resume, republishedUpTo }, options),
      close: () => close(producer, logger),
    };
  } catch (error) {
    await close(producer, logger);
    throw error;
  }
}

/**
 * The end of the log is on record before anything else is sent: whoever goes on after a kill must not take what was
 * asked for years ago for new.
 * @returns the end of the log
 */
async function beginAnew(
  producer: Producer,
  { log, logger, assertMayPublish }: PublishFromTails,
): Promise<Position> {
  const republishedUpTo = await log.head();
  assertMayPublish();
  const nothing = { position: START, event: null, jobsUpTo: START };
  await producer.send([checkpointMessage({ ...nothing, republishedUpTo })]);
  const text =
    'topics are empty: of the log so far, only runs that are open and reminders that are due go out';
  logger.info({ up_to: republishedUpTo }, text);
  return republishedUpTo;
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
