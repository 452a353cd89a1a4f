import type { CommandHandler } from '../commands/handle-commands.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { mayPass, StoreError } from '../ports/store-error.js';
import { feedCertifications } from './certification-feed.js';
import { createDeadLetters } from './dead-letters.js';
import { createEventPublisher } from './event-publisher.js';
import type { PerformRun } from './perform-run.js';
import { performRequestedRuns } from './requested-runs.js';
import { takeRunResults } from './run-results.js';
import { topics } from './topics.js';

export interface Messaging {
  /** Resolves when both signals have aborted and everything has ended. Brokers that hang are not waited for: the bus is closed. */
  run(until: { work: AbortSignal; publish: AbortSignal }): Promise<void>;
  /** @throws StoreError that says what is not well */
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
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A batch that is under way when publishing is to end may still be acknowledged within this time. */
const ENDS_WITHIN_MS = 2_000;

/** Everything that goes over the message bus: events out; certifications, and runs or their results, in. */
export function createMessaging(
  dependencies: MessagingDependencies,
  executor: 'builtin' | 'external',
): Messaging {
  const { bus, clock, logger } = dependencies;
  const deadLetters = createDeadLetters(bus, logger);
  const publisher = createEventPublisher(dependencies);
  const consumed = { ...dependencies, deadLetters };

  async function runUntil({ work, publish }: { work: AbortSignal; publish: AbortSignal }): Promise<void> {
    await createTopics(dependencies, publish);
    const runs = executor === 'builtin' ? performRequestedRuns : takeRunResults;
    const consuming = Promise.all([feedCertifications(consumed, work), runs(consumed, work)]);
    await Promise.all([publisher.run(publish), consuming.finally(() => deadLetters.close())]);
  }

  return {
    async run(until) {
      const ended = new AbortController();
      const running = runUntil(until).finally(() => {
        ended.abort();
      });
      const late = whenAborted(until.publish).then(() => clock.sleep(ENDS_WITHIN_MS, ended.signal));
      await Promise.race([running, late]);
      // What waits for brokers that hang ends with its connections; the next start reads from the topics what is there.
      if (!ended.signal.aborted) await bus.close();
      await running;
    },
    async check() {
      await bus.check();
      const problem = publisher.problem();
      if (problem !== undefined) throw new StoreError('store_unavailable', problem);
    },
  };
}

/** A consumer of a topic that is not there yet would only fail. Tried until it is done or `signal` aborts. */
async function createTopics(
  { bus, clock, logger }: MessagingDependencies,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await bus.createTopics(topics);
      return;
    } catch (error) {
      logger[mayPass(error) ? 'warn' : 'error'](
        { err: error, again_in_ms: pause },
        'the message bus cannot be used yet; it is tried again',
      );
    }
    await clock.sleep(pause, signal);
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
}
