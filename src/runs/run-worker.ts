import type { JobFold } from '../fold/job-fold.js';
import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { createTurns } from '../waiting/turns.js';
import { CHECKS_AT_ONCE } from './checks-at-once.js';
import { RunGivenUpError, type PerformRun, type RunPlace } from './perform-run.js';

/** Performs runs as they appear in the log, where no message bus hands them out. */
export interface RunWorker {
  /** Takes up the runs that are open: those that an earlier process has left, too. */
  takeUpOpenRuns(): void;
  /** Takes events as read from the log: an append's reply never starts a run. */
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

export function createRunWorker({ fold, performRun, logger, signal }: RunWorkerDependencies): RunWorker {
  const turns = createTurns(CHECKS_AT_ONCE);
  /** By run id: those that are under way, and those that wait for their turn. */
  const taken = new Map<string, Promise<void>>();

  function takeUp(run: RunPlace): void {
    if (!taken.has(run.runId)) taken.set(run.runId, perform(run));
  }

  async function perform(run: RunPlace): Promise<void> {
    const endTurn = await turns.take();
    try {
      if (!signal.aborted) await performRun(run, signal);
    } catch (error) {
      if (!(error instanceof RunGivenUpError))
        logger.error({ err: error, run_id: run.runId }, 'worker failed; the run will time out');
    } finally {
      taken.delete(run.runId);
      endTurn();
    }
  }

  return {
    takeUpOpenRuns() {
      for (const { job } of fold.all())
        for (const { run_id } of job.open_runs) takeUp({ cronId: job.cron_id, runId: run_id });
    },
    onRead(events) {
      for (const { type, stream, data, metadata } of events) {
        if (type === 'RunStarted' && typeof data.run_id === 'string')
          takeUp({ cronId: cronIdOf(stream), runId: data.run_id, traceparent: metadata.traceparent });
      }
    },
    async idle() {
      await Promise.all(taken.values());
    },
  };
}
