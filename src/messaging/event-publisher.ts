import { JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus, Producer } from '../ports/message-bus.js';
import { mayPass } from '../ports/store-error.js';
import { inSlices } from './in-slices.js';
import { placeOf, resumePoint, type ResumePoint } from './resume-point.js';
import { toMessages } from './to-messages.js';
import { CHECKPOINT_TOPIC, EVENTS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC, topics } from './topics.js';

export interface EventPublisher {
  /**
   * Publishes until `signal` aborts. Faults are logged and met again after a pause, from where publishing stands.
   * @param assertMayPublish asked right before each send: a process that was stopped for a while goes on where it was,
   *   before its signal can abort. What it throws is a fault
   */
  run: (signal: AbortSignal, assertMayPublish: () => void) => Promise<void>;
  /** Everything up to here has been acknowledged; START before that is known. */
  position(): Position;
  /** Why nothing is published at the moment; undefined when all is well, and when it is not to publish. */
  problem(): string | undefined;
  /** When everything was published the last time, monotonic milliseconds; undefined when it is not to publish. */
  caughtUpAt(): number | undefined;
}

export interface EventPublisherDependencies {
  log: EventLog;
  bus: MessageBus;
  clock: Clock;
  logger: Logger;
}

/** The log that is here is not the one whose events were published. Nothing is sent until someone has decided. */
class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
}

const PREFIXES = [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX];
const PUBLISHED_TOPICS = [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC, CHECKPOINT_TOPIC];
const LONGEST_PAUSE_MS = 30_000;

/**
 * One more follower of the log: every event goes to its topics, in the order of the log, one batch at a time. Where it
 * stands is read back from the topics, so a restart neither misses an event nor repeats one. At least once, in order
 * for each key; a repeat, after a batch was still on its way when the publisher died, has the same `ce_id`.
 */
export function createEventPublisher({
  log,
  bus,
  clock,
  logger,
}: EventPublisherDependencies): EventPublisher {
  let position: Position = START;
  let problem: string | undefined;
  let caughtUpAt: number | undefined;

  async function publish(producer: Producer, signal: AbortSignal, onProgress: () => void): Promise<void> {
    const resume = resumePoint(await producer.tails(PUBLISHED_TOPICS));
    if (resume.foreign.length > 0) {
      logger.warn({ partitions: resume.foreign }, 'the newest message is not ours; a batch may be repeated');
    }
    await assertSameLog(resume, log);
    position = resume.after;
    problem = undefined;
    const isOver = (): boolean => signal.aborted;
    for await (const batch of log.subscribe({ from: position, prefixes: PREFIXES, signal })) {
      for (const slice of inSlices(batch.events)) {
        // Whoever publishes from now on reads from the topics what is there.
        if (isOver()) return;
        await send(producer, slice, resume);
      }
      const last = batch.events.at(-1);
      if (last !== undefined && batch.caughtUp) await saveCheckpoint(producer, last);
      if (batch.position > position) position = batch.position;
      if (batch.caughtUp) caughtUpAt = clock.monotonic();
      onProgress();
    }
  }

  async function send(
    producer: Producer,
    events: readonly RecordedEvent[],
    { reached }: ResumePoint,
  ): Promise<void> {
    const missing = events.flatMap((event) =>
      toMessages(event, position).filter((message) => {
        const { topic } = message;
        const there = reached.get(placeOf({ topic, partition: producer.partitionOf(message) }));
        return there === undefined || there < event.position;
      }),
    );
    if (missing.length > 0) await producer.send(missing);
    position = events.at(-1)?.position ?? position;
  }

  async function saveCheckpoint(producer: Producer, { position, id }: RecordedEvent): Promise<void> {
    const value = JSON.stringify({ position, event: { position, id } });
    await producer.send([{ topic: CHECKPOINT_TOPIC, key: 'checkpoint', headers: {}, value }]);
  }

  return {
    position: () => position,
    problem: () => problem,
    caughtUpAt: () => caughtUpAt,
    async run(signal, assertMayPublish) {
      let failures = 0;
      problem = 'publishing has not begun yet';
      const isWell = (): boolean => problem === undefined;
      const isOver = (): boolean => signal.aborted;
      caughtUpAt = clock.monotonic();
      while (!signal.aborted) {
        let producer: Producer | undefined;
        try {
          await bus.createTopics(topics.filter(({ name }) => PUBLISHED_TOPICS.includes(name)));
          producer = await bus.openProducer();
          await publish(onlyIf(assertMayPublish, producer), signal, () => (failures = 0));
        } catch (error) {
          failures++;
          problem = error instanceof Error ? error.message : String(error);
          const [level, text] = isOver()
            ? (['debug', 'publishing has ended with an error'] as const)
            : ([mayPass(error) ? 'warn' : 'error', 'publishing has stopped; it is tried again'] as const);
          logger[level]({ err: error, position }, text);
        }
        await closed(producer, logger);
        if (!isWell()) await clock.sleep(Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS), signal);
      }
      problem = undefined;
      caughtUpAt = undefined;
    },
  };
}

/** A log that was restored from a backup may lack events that were published, or have others in their place. */
async function assertSameLog({ newest }: ResumePoint, log: EventLog): Promise<void> {
  if (newest === undefined || (await log.eventIdAt(newest.position)) === newest.id) return;
  throw new OtherLogError(
    `event ${newest.id} was published as the one at position ${newest.position} of the log, but it is not there: ` +
      'this is another log, or an older copy of it. See "Publishing after a restore" in docs/operations.md',
  );
}

function onlyIf(assertMayPublish: () => void, producer: Producer): Producer {
  return {
    ...producer,
    async send(messages) {
      assertMayPublish();
      await producer.send(messages);
    },
  };
}

async function closed(producer: Producer | undefined, logger: Logger): Promise<void> {
  try {
    await producer?.close();
  } catch (error) {
    logger.warn({ err: error }, 'a producer could not be closed');
  }
}
