import type { CommandHandler } from '../commands/handle-commands.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { mayPass, StoreError } from '../ports/store-error.js';
import { createPauses } from '../waiting/pauses.js';
import { feedCertifications } from './certification-feed.js';
import type { JobStates } from './changed-jobs.js';
import { createDeadLetters } from './dead-letters.js';
import { createEventPublisher, type EventPublisher } from './event-publisher.js';
import type { PerformRun } from '../runs/perform-run.js';
import type { StillWanted } from './republishing.js';
import { performRequestedRuns } from './requested-runs.js';
import { takeRunResults } from './run-results.js';
import { topics } from './topics.js';

export interface Messaging {
  /**
   * Inbound, in every instance: certifications, and runs or their results. Resolves when `signal` has aborted and all
   * consumers have ended.
   */
  consume(signal: AbortSignal): Promise<void>;
  /**
   * Outbound, in the leader only. Resolves when `signal` has aborted and the batch in flight has ended.
   * @param assertMayPublish asked right before each send
   */
  publish: (signal: AbortSignal, assertMayPublish: () => void) => Promise<void>;
  publisher: Pick<EventPublisher, 'position' | 'caughtUpAt'>;
  /** @throws StoreError that names the problem */
  check(): Promise<void>;
}

export interface MessagingDependencies {
  bus: MessageBus;
  log: EventLog;
  registry: CertificationRegistry;
  clock: Clock;
  logger: Logger;
  commands: CommandHandler;
  performRun: PerformRun;
  /** What others are told of jobs. */
  states: JobStates;
  /** What of the log is still to be done, when it is published once more or late. */
  wanted: StillWanted;
  /** Who performs runs: this service, or another one. */
  executor: 'builtin' | 'external';
}

const TOPIC_PAUSES = { firstMs: 250, longestMs: 10_000 };

/** Everything that goes over the message bus: events out; certifications, and runs or their results, in. */
export function createMessaging(dependencies: MessagingDependencies): Messaging {
  const { bus, log, registry, clock, logger, commands, performRun, executor } = dependencies;
  const { states, wanted } = dependencies;
  const publisher = createEventPublisher({ log, bus, clock, logger, states, wanted });
  /** Why nothing can be consumed yet. */
  let missingTopics: string | undefined;

  /** A consumer of a missing topic would only fail. Retries until it succeeds or `signal` aborts. */
  async function createTopics(signal: AbortSignal): Promise<void> {
    const pauses = createPauses(TOPIC_PAUSES);
    while (!signal.aborted) {
      try {
        await bus.createTopics(topics);
        missingTopics = undefined;
        return;
      } catch (error) {
        missingTopics = error instanceof Error ? error.message : String(error);
        const pauseMs = pauses.next();
        logger[mayPass(error) ? 'warn' : 'error'](
          { err: error, again_in_ms: pauseMs },
          'message bus not usable yet; retrying',
        );
        await clock.sleep(pauseMs, signal);
      }
    }
  }

  return {
    publisher,
    async consume(signal) {
      await createTopics(signal);
      const deadLetters = createDeadLetters(bus, logger);
      const takeRuns =
        executor === 'builtin'
          ? performRequestedRuns({ bus, performRun, deadLetters }, signal)
          : takeRunResults({ bus, commands, deadLetters, logger }, signal);
      try {
        await Promise.all([feedCertifications({ bus, registry, deadLetters }, signal), takeRuns]);
      } finally {
        await deadLetters.close();
      }
    },
    publish: publisher.run,
    async check() {
      await bus.check();
      const problem = missingTopics ?? publisher.problem();
      if (problem !== undefined) throw new StoreError('store_unavailable', problem);
    },
  };
}
