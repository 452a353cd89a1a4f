import { JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { createChangedJobs, type JobStates } from './changed-jobs.js';
import { PUBLISHED_TOPICS, publishFromTails } from './publish-from-tails.js';
import { createRefusedEvents } from './refused-events.js';
import { createRepublishing, type Republishing, type StillWanted } from './republishing.js';
import { topics } from './topics.js';

export interface EventPublisher extends Pick<Follower, 'position' | 'problem' | 'caughtUpAt'> {
  /**
   * Publishes until `signal` aborts. Logs failures and retries after a pause, from the published position.
   * @param assertMayPublish asked right before each send: a paused process resumes where it was, before its signal can
   *   abort. What it throws is a failure
   */
  run: (signal: AbortSignal, assertMayPublish: () => void) => Promise<void>;
}

export interface EventPublisherDependencies {
  log: EventLog;
  bus: MessageBus;
  clock: Clock;
  logger: Logger;
  states: JobStates;
  wanted: StillWanted;
}

/**
 * One more follower of the log: publishes every event to its topics, in log order, one batch at a time, and behind them
 * the jobs as they are then. It reads its position back from the topics, so a restart neither misses an event nor repeats one. At least once, in order per key;
 * a repeat, when a batch was in flight as the publisher died, has the same `ce_id`.
 */
export function createEventPublisher({
  log,
  bus,
  clock,
  logger,
  states,
  wanted,
}: EventPublisherDependencies): EventPublisher {
  let assertMayPublish = (): void => undefined;
  const refused = createRefusedEvents();
  const refusedStates = createRefusedEvents();
  const changedJobs = createChangedJobs({ states, logger });
  let republished: { upTo: Position; republishing: Republishing } | undefined;

  /** It counts from one producer to the next. */
  function republishing(upTo: Position): Republishing {
    if (republished?.upTo !== upTo)
      republished = { upTo, republishing: createRepublishing(upTo, { wanted, logger }) };
    return republished.republishing;
  }

  const follower = createFollower({
    log,
    clock,
    logger,
    prefixes: [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX],
    pauses: { firstMs: 500, longestMs: 30_000 },
    faultText: 'publishing failed; retrying',
    async resume() {
      await bus.createTopics(topics.filter(({ name }) => PUBLISHED_TOPICS.includes(name)));
      // A producer keeps this run's assertion, even when it outlives the run.
      const kept = { refused, refusedStates, changedJobs, republishing };
      return publishFromTails(await bus.openProducer(), { log, logger, assertMayPublish, ...kept });
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
