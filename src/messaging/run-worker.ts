import type { CommandHandler } from '../commands/handle-commands.js';
import type { JobCommand } from '../commands/decide.js';
import type { OpenRun } from '../commands/cron-job.js';
import type { FoldedJob, JobFold } from '../commands/job-fold.js';
import type { RunResult } from '../events/job-events.js';
import { cronIdOf } from '../events/stream-names.js';
import { RunClosedError, type CheckedRun } from '../expiry-check/checked-run.js';
import type { Clock } from '../ports/clock.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { StoreError } from '../ports/store-error.js';

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
  commands: CommandHandler;
  clock: Clock;
  logger: Logger;
  check: (run: CheckedRun) => Promise<RunResult>;
  /** When it aborts, checks are given up; their runs stay open and are taken up by the next process. */
  signal: AbortSignal;
}

const CHECKS_AT_ONCE = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Performs started runs and completes them by command. */
export function createRunWorker(dependencies: RunWorkerDependencies): RunWorker {
  const { fold, commands, clock, logger, check, signal } = dependencies;
  const known = new Set<string>();
  const queue: { cronId: string; runId: string }[] = [];
  const idleWaiters: (() => void)[] = [];
  let working = 0;

  function enqueue(cronId: string, runId: string): void {
    if (known.has(runId)) return;
    known.add(runId);
    queue.push({ cronId, runId });
    next();
  }

  function next(): void {
    while (working < CHECKS_AT_ONCE && !signal.aborted) {
      const taken = queue.shift();
      if (taken === undefined) break;
      working++;
      perform(taken.cronId, taken.runId)
        .catch((error: unknown) => {
          logger.error({ err: error, run_id: taken.runId }, 'the worker failed; the run will be timed out');
        })
        .finally(() => {
          working--;
          known.delete(taken.runId);
          next();
        });
    }
    if (working === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  }

  /** Until the run is closed, by this or by anyone: a run that is open is never forgotten. */
  async function perform(cronId: string, runId: string): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const folded = await fold.refresh(cronId);
        const run = openRun(folded, runId);
        if (folded === undefined || run === undefined) return;
        // After its deadline a run waits to be timed out; a clock that had stepped may also be set right again.
        if (run.deadline > clock.now()) {
          const command = await untilDeadline(run, (limit) => result(folded, run, limit));
          const cause = { actor: 'worker', correlation_id: runId, causation_id: runId };
          await commands.handle({ cronId, command, cause });
          return;
        }
      } catch (error) {
        if (openRun(fold.get(cronId), runId) === undefined) return;
        if (!(error instanceof RunClosedError)) {
          logger.warn(
            { err: error, run_id: runId, again_in_ms: pause },
            'a run waits: its check or its completion is tried again',
          );
        }
      }
      await clock.sleep(pause, signal);
    }
  }

  /** What the run waits for must not keep its place for longer than the run can last. */
  async function untilDeadline<T>(run: OpenRun, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const end = (): void => {
      limit.abort();
    };
    signal.addEventListener('abort', end);
    const deadline = clock.sleep(run.deadline - clock.now(), limit.signal).then(end);
    try {
      return await work(limit.signal);
    } finally {
      end();
      signal.removeEventListener('abort', end);
      await deadline;
    }
  }

  async function result({ job }: FoldedJob, run: OpenRun, limit: AbortSignal): Promise<JobCommand> {
    const { cron_id } = job;
    const { run_id, dry_run, started_at } = run;
    try {
      const counted = await check({
        cron_id,
        run_id,
        dry_run,
        started_at,
        time_zone: job.config.time_zone,
        cause: { actor: 'worker', correlation_id: run_id, causation_id: run_id },
        isStillOpen: async () =>
          openRun(await fold.refresh(cron_id), run_id) !== undefined && run.deadline > clock.now(),
        signal: limit,
      });
      return { type: 'CompleteRun', run_id, status: 'success', result: counted };
    } catch (error) {
      if (error instanceof StoreError || error instanceof RunClosedError) throw error;
      logger.error({ err: error, run_id }, 'the check failed');
      return {
        type: 'CompleteRun',
        run_id,
        status: 'failed',
        error: { code: 'check_failed', message: error instanceof Error ? error.message : String(error) },
      };
    }
  }

  return {
    takeUpOpenRuns() {
      for (const { job } of fold.all()) for (const { run_id } of job.open_runs) enqueue(job.cron_id, run_id);
    },
    onRead(events) {
      for (const { type, stream, data } of events) {
        if (type === 'RunStarted' && typeof data.run_id === 'string') enqueue(cronIdOf(stream), data.run_id);
      }
    },
    idle: () => (working === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}

function openRun(folded: FoldedJob | undefined, runId: string): OpenRun | undefined {
  return folded?.job.open_runs.find(({ run_id }) => run_id === runId);
}
