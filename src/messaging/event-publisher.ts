import { JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { PUBLISHED_TOPICS, publishFromTails } from './publish-from-tails.js';
import { topics } from './topics.js';

export interface EventPublisher extends Pick<Follower, 'position' | 'problem' | 'caughtUpAt'> {
  /**
   * Publishes until `signal` aborts. Faults are logged and met again after a pause, from where publishing stands.
   * @param assertMayPublish asked right before each send: a process that was stopped for a while goes on where it was,
   *   before its signal can abort. What it throws is a fault
   */
  run: (signal: AbortSignal, assertMayPublish: () => void) => Promise<void>;
}

export interface EventPublisherDependencies {
  log: EventLog;
  bus: MessageBus;
  clock: Clock;
  logger: Logger;
}

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
  let assertMayPublish = (): void => undefined;

  const follower = createFollower({
    log,
    clock,
    logger,
    prefixes: [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX],
    pauses: { firstMs: 500, longestMs: 30_000 },
    faultText: 'publishing failed; retrying',
    async resume() {
      await bus.createTopics(topics.filter(({ name }) => PUBLISHED_TOPICS.includes(name)));
      // A producer of this run asks for this run, also when it outlives it.
      return publishFromTails(await bus.openProducer(), { log, logger, assertMayPublish });
    },
  });

  return {
    position: follower.position,
    problem: follower.problem,
    caughtUpAt: follower.caughtUpAt,
    async run(signal, assertHeld) {
      assertMayPublish = assertHeld;
      await follower.run(signal);
    },
  };
}
