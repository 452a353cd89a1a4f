import { cronIdOf, JOB_STREAM_PREFIX, LEADER_LEASE_STREAM } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import type { JobFold } from './job-fold.js';
import type { Progress } from '../waiting/progress.js';

export interface FollowJobs {
  log: EventLog;
  fold: JobFold;
  clock: Clock;
  logger: Logger;
  from: Position;
  /** Told of how far the fold has come. */
  progress: Progress;
  signal: AbortSignal;
  /** Called once, when the fold has reached the end of the log for the first time. */
  onCaughtUp: () => void;
  /** Called with what is read after that. */
  onRead: (events: readonly RecordedEvent[]) => void;
}

/** The lease is not folded. But it is renewed all the time, and so tells at once how far the log was followed. */
const PREFIXES = [JOB_STREAM_PREFIX, LEADER_LEASE_STREAM];
const LONGEST_PAUSE_MS = 10_000;
const PROGRESS_EVENTS = 100_000;

/**
 * Keeps the fold up with the log, whoever writes, until `signal` aborts. Faults are logged and met again after a pause.
 * @throws what makes the log unusable from the start: it is damaged, or written by a newer version
 */
export async function followJobs({
  log,
  fold,
  clock,
  logger,
  from,
  progress,
  signal,
  onCaughtUp,
  onRead,
}: FollowJobs): Promise<void> {
  let position = from;
  let caughtUp = false;
  let events = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const batch of log.subscribe({ from: position, prefixes: PREFIXES, signal })) {
        fold.apply(batch.events);
        for (const { stream, version } of batch.events) await fillGap(fold, stream, version);
        if (caughtUp) onRead(batch.events);
        position = batch.position;
        progress.moveTo(position);
        failures = 0;
        const told = Math.floor(events / PROGRESS_EVENTS);
        events += batch.events.length;
        if (!caughtUp && Math.floor(events / PROGRESS_EVENTS) > told)
          logger.info({ events }, 'folding the log');
        if (batch.caughtUp && !caughtUp) {
          caughtUp = true;
          onCaughtUp();
        }
      }
    } catch (error) {
      if (!caughtUp && !mayPass(error)) throw error;
      failures++;
      const level = mayPass(error) ? 'warn' : 'error';
      logger[level]({ err: error, position }, 'the log cannot be followed; tried again');
      await clock.sleep(Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS), signal);
    }
  }
}

/** A state that was seeded may be older than where following began. Then the job is read from its stream. */
async function fillGap(fold: JobFold, stream: string, version: number): Promise<void> {
  if (!stream.startsWith(JOB_STREAM_PREFIX)) return;
  const cronId = cronIdOf(stream);
  if ((fold.get(cronId)?.version ?? 0) < version) await fold.refresh(cronId);
}
