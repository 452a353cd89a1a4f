import type { JobFold } from '../fold/job-fold.js';
import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { RunGivenUpError, type PerformRun, type RunPlace } from './perform-run.js';

/** Performs runs as the log tells of them, where no message bus hands them out. */
export interface RunWorker {
  /** Takes up the runs that are open: those that an earlier process has left, too. */
  takeUpOpenRuns(): void;
  /** Tells of events as they were read from the log: no run is performed because of an append's reply. */
  onRead: (events: readonly RecordedEvent[]) => void;
  /** Resolves when no run is under way any more. */
  idle(): Promise<void>;
}

export interface RunWorkerDependencies {
  fold: JobFold;
  performRun: PerformRun;
  logger: Logger;
  /** When it aborts, checks are given up; their runs stay open and are taken up by the next process. */
  signal: AbortSignal;
}

const CHECKS_AT_ONCE = 4;

export function createRunWorker({ fold, performRun, logger, signal }: RunWorkerDependencies): RunWorker {
  const known = new Set<string>();
  const queue: RunPlace[] = [];
  const idleWaiters: (() => void)[] = [];
  let working = 0;

  function enqueue(run: RunPlace): void {
    if (known.has(run.runId)) return;
    known.add(run.runId);
    queue.push(run);
    next();
  }

  function next(): void {
    while (working < CHECKS_AT_ONCE && !signal.aborted) {
      const run = queue.shift();
      if (run === undefined) break;
      working++;
      performRun(run, signal)
        .catch((error: unknown) => {
          if (error instanceof RunGivenUpError) return;
          logger.error({ err: error, run_id: run.runId }, 'the worker failed; the run will be timed out');
        })
        .finally(() => {
          working--;
          known.delete(run.runId);
          next();
        });
    }
    if (working === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  }

  return {
    takeUpOpenRuns() {
      for (const { job } of fold.all())
        for (const { run_id } of job.open_runs) enqueue({ cronId: job.cron_id, runId: run_id });
    },
    onRead(events) {
      for (const { type, stream, data } of events) {
        if (type === 'RunStarted' && typeof data.run_id === 'string')
          enqueue({ cronId: cronIdOf(stream), runId: data.run_id });
      }
    },
    idle: () => (working === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}
