import type { Clock } from '../ports/clock.js';
import type { Batch, EventLog, Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass, StoreError } from '../ports/store-error.js';
import { isAborted } from '../waiting/is-aborted.js';
import { createPauses, type PauseRange } from '../waiting/pauses.js';
import { createProgress } from '../waiting/progress.js';

/**
 * The one loop for following the event log: resume, subscribe, take one batch after the other, and after a fault, back
 * off and resume again.
 *
 *   resume ──▶ subscribe ──▶ take ─┐
 *     ▲                      ▲     │ the next batch
 *     │ pause                └─────┤
 *     └──────── fault ◀────────────┘
 *
 * A follower is defined by its `resume`, which returns where to resume from and how to take a batch. Each batch is
 * awaited before the next one is requested. Events are delivered at least once: those taken but not checkpointed before
 * a fault are redelivered. Nothing is skipped.
 */
export interface Follower {
  /**
   * Follows until `signal` aborts; resolves when the batch in hand has ended. One run at a time.
   * @throws the error that `isFatal` accepts
   */
  run: (signal: AbortSignal) => Promise<void>;
  /** Everything up to here has been taken in; START before the first resume. */
  position: () => Position;
  /** Resolves when everything up to `target` is taken in, or `signal` aborts. */
  whenAt: (target: Position, signal: AbortSignal) => Promise<void>;
  /** When it was last at the end of the log, or began: monotonic milliseconds. undefined while it does not run. */
  caughtUpAt: () => number | undefined;
  /** Why it makes no progress at the moment; undefined when healthy, and while it does not run. */
  problem: () => string | undefined;
}

export interface FollowerOptions {
  log: Pick<EventLog, 'subscribe'>;
  clock: Clock;
  logger: Logger;
  prefixes: readonly string[];
  /** Asked at the beginning, and again after each fault. */
  resume: (signal: AbortSignal) => Promise<Resumed>;
  pauses: PauseRange;
  /** The log line for a fault; ERROR, unless the fault is transient. */
  faultText: string;
  /** The log line for progress, every 100,000 events until the end of the log is reached; none when omitted. */
  progressText?: string;
  /** Go into each of these lines. */
  fields?: object;
  /** Whether a fault is transient. Default: those of a store that cannot be reached. */
  isTransient?: (error: unknown) => boolean;
  /** Whether a fault ends the run. Default: none does. */
  isFatal?: (error: unknown) => boolean;
}

/** One subscription of a follower, from where it resumes to its end. */
export interface Resumed {
  /** The last position taken in: what comes after it is delivered. */
  from: Position;
  /**
   * Takes a batch in. A long one checks `signal` in between, and may leave the rest once it has aborted.
   * @param moveTo tells that everything up to a position within the batch has been taken in, and was not before: the next
   *   pause is then the first one again
   */
  take: (batch: Batch, signal: AbortSignal, moveTo: (position: Position) => void) => Promise<void>;
  /** Releases the resources of this subscription. It must not reject. */
  close?: () => Promise<void>;
}

const PROGRESS_EVENTS = 100_000;

export function createFollower(options: FollowerOptions): Follower {
  const { log, clock, logger, prefixes, resume, faultText, fields } = options;
  const { isTransient = mayPass, isFatal = () => false } = options;
  const progress = createProgress();
  const pauses = createPauses(options.pauses);
  let caughtUpAt: number | undefined;
  let problem: string | undefined;

  function moveTo(position: Position): void {
    progress.moveTo(position);
    pauses.reset();
  }

  async function follow(resumed: Resumed, signal: AbortSignal): Promise<void> {
    const { from, take } = resumed;
    const tellProgress = createProgressTeller(options);
    for await (const batch of log.subscribe({ from, prefixes, signal })) {
      await take(batch, signal, moveTo);
      if (signal.aborted) return;
      moveTo(batch.position);
      if (batch.caughtUp) caughtUpAt = clock.monotonic();
      tellProgress(batch);
    }
    // A log that was closed ends it without an error.
    if (!isAborted(signal))
      throw new StoreError('store_unavailable', 'the event log has ended the subscription');
  }

  /** @returns how long to pause before the next subscription, milliseconds. @throws a fault that ends the run */
  async function followOnce(signal: AbortSignal): Promise<number> {
    let resumed: Resumed | undefined;
    try {
      resumed = await resume(signal);
      progress.moveTo(resumed.from);
      problem = undefined;
      await follow(resumed, signal);
      return 0;
    } catch (error) {
      return noteFault(error, signal);
    } finally {
      // After the fault is shown: a hung server may keep this waiting.
      await resumed?.close?.();
    }
  }

  function noteFault(error: unknown, signal: AbortSignal): number {
    if (isFatal(error)) throw error;
    if (signal.aborted) {
      logger.debug({ err: error, ...fields }, 'following ended with an error');
      return 0;
    }
    problem = error instanceof Error ? error.message : String(error);
    const pauseMs = pauses.next();
    const about = { err: error, ...fields, position: progress.position(), again_in_ms: pauseMs };
    logger[isTransient(error) ? 'warn' : 'error'](about, faultText);
    return pauseMs;
  }

  async function keepFollowing(signal: AbortSignal): Promise<void> {
    pauses.reset();
    while (!signal.aborted) await clock.sleep(await followOnce(signal), signal);
  }

  return {
    position: progress.position,
    whenAt: progress.whenAt,
    caughtUpAt: () => caughtUpAt,
    problem: () => problem,
    async run(signal) {
      caughtUpAt = clock.monotonic();
      problem = 'has not begun yet';
      try {
        await keepFollowing(signal);
      } finally {
        caughtUpAt = undefined;
        problem = undefined;
      }
    },
  };
}

function createProgressTeller({ logger, fields, progressText }: FollowerOptions): (batch: Batch) => void {
  let events = 0;
  let isTold = progressText === undefined;
  return (batch) => {
    isTold ||= batch.caughtUp;
    const before = Math.floor(events / PROGRESS_EVENTS);
    events += batch.events.length;
    if (!isTold && Math.floor(events / PROGRESS_EVENTS) > before)
      logger.info({ ...fields, events }, progressText ?? '');
  };
}
