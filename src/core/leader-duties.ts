import type { JobFold } from '../fold/job-fold.js';
import type { JobsFollower } from '../fold/jobs-follower.js';
import { whenLogAnswers } from '../waiting/when-log-answers.js';
import type { Lead } from '../leadership/leadership.js';
import type { Term } from '../leadership/term.js';
import type { PerformRun } from '../runs/perform-run.js';
import { createRunWorker, type RunWorker } from '../runs/run-worker.js';
import { oneAtATime, type Duty } from '../waiting/one-at-a-time.js';
import { abortWith } from '../waiting/abort-with.js';
import { inTime } from '../waiting/in-time.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { Scheduler } from '../scheduler/scheduler.js';

export interface LeaderDuties {
  /** For the time of a term. */
  lead: Lead;
  /** Resolves when all work left over from terms has ended. */
  ended(): Promise<void>;
}

export interface LeaderDutiesOptions {
  log: EventLog;
  clock: Clock;
  logger: Logger;
  fold: JobFold;
  /** Keeps the fold up with the log. */
  jobs: Pick<JobsFollower, 'whenAt' | 'tap'>;
  scheduler: Scheduler;
  /** Followers that project the log into the read store: of two at once, the second has taken over from the first. */
  projecting: readonly Duty[];
  /** Publisher of the log to the message bus, if there is one: of two at once, both would publish. */
  publish: Duty | undefined;
  /** How runs are performed here; undefined where they are handed out by the message bus. */
  performRun: PerformRun | undefined;
}

/** This instance lacks the state that it would have to decide on. */
class FoldBehindError extends Error {
  override readonly name = 'FoldBehindError';
}

/** Work waiting for a hung store or broker must not delay the next term. */
const ENDS_WITHIN_MS = 2_000;
/** Other instances than this one may be able to follow the log. */
const FOLD_UP_WITHIN_MS = 30_000;

/** Duties of the leader alone. */
export function createLeaderDuties(options: LeaderDutiesOptions): LeaderDuties {
  const { log, clock, logger, fold, jobs, scheduler, performRun } = options;
  const projecting = options.projecting.map(oneAtATime);
  const publish = options.publish && oneAtATime(options.publish);
  const ending = new Set<Promise<unknown>>();

  function leave(work: Promise<unknown>): Promise<unknown> {
    ending.add(work);
    return work.finally(() => ending.delete(work));
  }

  /**
   * Nothing has to be re-read: the fold has followed the log all along, and only lacks the last leader's latest events.
   * @throws FoldBehindError when it does not catch up: an instance with a sound fold may lead instead
   */
  async function foldIsUp(signal: AbortSignal): Promise<void> {
    const head = await whenLogAnswers({ log, clock, logger }, signal);
    const isUp = await inTime(
      clock,
      FOLD_UP_WITHIN_MS,
      jobs.whenAt(head, signal).then(() => true),
    );
    if (isUp === undefined)
      throw new FoldBehindError(`the log was not followed to ${head} within ${FOLD_UP_WITHIN_MS} ms`);
  }

  async function lead(term: Term): Promise<void> {
    const over = abortWith(term.signal);
    const { signal } = over;
    const begin = (duty: Duty): Promise<unknown> => leave(duty(signal, term.assertHeld));
    for (const duty of projecting) void begin(duty);
    const publishing = publish && begin(publish);
    let worker: RunWorker | undefined;
    let untap = (): void => undefined;
    try {
      await foldIsUp(signal);
      if (performRun !== undefined && !signal.aborted) {
        worker = createRunWorker({ fold, performRun, logger, signal });
        untap = jobs.tap(worker.onRead);
        worker.takeUpOpenRuns();
      }
      await scheduler.run(term);
    } finally {
      // Also when it fails: the lease goes to another one next.
      over.abort();
      untap();
      const working = worker && leave(worker.idle());
      await inTime(clock, ENDS_WITHIN_MS, Promise.all([publishing, working]));
    }
  }

  return {
    lead,
    async ended() {
      await Promise.all(ending);
    },
  };
}
