import { cronIdOf, JOB_STREAM_PREFIX, LEADER_LEASE_STREAM } from '../events/stream-names.js';
import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import { inSlices } from '../waiting/turn-with-time.js';
import type { JobFold } from './job-fold.js';

export interface JobsFollower extends Pick<Follower, 'run' | 'whenAt'> {
  /** Everything up to here has been folded. */
  position: () => Position;
  /** Of the last event of a job up to there, which stays in the log for ever; START before the first. */
  lastOfJobs: () => Position;
  /** Resolves when the fold has reached the end of the log for the first time. */
  caughtUp: Promise<void>;
  /** Calls `listener` with events once they are read and folded. @returns a function that ends it */
  tap(listener: (events: readonly RecordedEvent[]) => void): () => void;
}

export interface JobsFollowerDependencies {
  log: EventLog;
  fold: JobFold;
  clock: Clock;
  logger: Logger;
  /** Seeds the fold. @returns where to follow from at first */
  seed: (signal: AbortSignal) => Promise<Position>;
  /** Called before following begins, and again after each fault. */
  onResume: () => void;
}

/** The lease is not folded. But its constant renewals show at once how far the log was followed. */
const PREFIXES = [JOB_STREAM_PREFIX, LEADER_LEASE_STREAM];

/**
 * Keeps the fold up with the log, whichever instance writes. Its run rejects when the log is unusable from the start:
 * damaged, or written by a newer version.
 */
export function createJobsFollower({
  log,
  fold,
  clock,
  logger,
  seed,
  onResume,
}: JobsFollowerDependencies): JobsFollower {
  const nextSlice = inSlices(clock);
  const taps = new Set<(events: readonly RecordedEvent[]) => void>();
  let from: Position | undefined;
  let lastOfJobs = START;
  let isCaughtUp = false;
  let tellCaughtUp = (): void => undefined;
  const caughtUp = new Promise<void>((resolve) => (tellCaughtUp = resolve));

  const follower = createFollower({
    log,
    clock,
    logger,
    prefixes: PREFIXES,
    pauses: { firstMs: 200, longestMs: 10_000 },
    faultText: 'following the event log failed; retrying',
    progressText: 'folding the log',
    isFatal: (error) => !isCaughtUp && !mayPass(error),
    async resume(signal) {
      onResume();
      // It is that of the last event of a job that is in the stored states.
      from ??= lastOfJobs = await seed(signal);
      return {
        from,
        async take(batch) {
          for (const event of batch.events) {
            await nextSlice();
            fold.apply([event]);
            await fillGap(fold, event);
            if (event.stream.startsWith(JOB_STREAM_PREFIX)) lastOfJobs = event.position;
          }
          for (const listener of taps) listener(batch.events);
          from = batch.position;
          isCaughtUp ||= batch.caughtUp;
          if (isCaughtUp) tellCaughtUp();
        },
      };
    },
  });

  return {
    run: follower.run,
    whenAt: follower.whenAt,
    position: () => from ?? START,
    lastOfJobs: () => lastOfJobs,
    caughtUp,
    tap(listener) {
      taps.add(listener);
      return () => taps.delete(listener);
    },
  };
}

/** A seeded state may be older than the position where following began. Then the job is read from its stream. */
async function fillGap(fold: JobFold, { stream, version }: RecordedEvent): Promise<void> {
  if (!stream.startsWith(JOB_STREAM_PREFIX)) return;
  const cronId = cronIdOf(stream);
  if ((fold.get(cronId)?.version ?? 0) < version) await fold.refresh(cronId);
}
