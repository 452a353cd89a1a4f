import type { RunRules } from '../events/job-events.js';
import type { CronJob, OpenRun } from '../job/cron-job.js';
import type { JobCommand } from '../job/job-command.js';
import { rulesInForce } from '../job/rules-in-force.js';
import type { CommandHandler } from '../commands/handle-commands.js';
import type { Cause } from '../commands/stamp.js';
import type { FoldedJob, JobFold } from '../fold/job-fold.js';
import { RunClosedError, type CheckedRun, type RunOutcome } from './checked-run.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { StoreError } from '../ports/store-error.js';
import { abortWith } from '../waiting/abort-with.js';
import { createPauses } from '../waiting/pauses.js';
import { NO_REASON } from '../waiting/no-reason.js';

export interface RunPlace {
  cronId: string;
  runId: string;
  /** The trace that its start was part of, where that is known. */
  traceparent?: string | undefined;
}

/**
 * Performs a started run and completes it by command. Resolves when it is closed, by this worker or otherwise; or when
 * the log has no such job.
 * @throws RunGivenUpError when `signal` has aborted before: the run stays open, for another worker
 */
export type PerformRun = (run: RunPlace, signal: AbortSignal) => Promise<'closed' | 'unknown'>;

export class RunGivenUpError extends Error {
  override readonly name = 'RunGivenUpError';
}

export interface PerformRunDependencies {
  fold: JobFold;
  commands: CommandHandler;
  clock: Clock;
  logger: Logger;
  check: (run: CheckedRun) => Promise<RunOutcome>;
  /** Of jobs without their own, for a run whose start does not say: days before the expiry. */
  thresholds: readonly number[];
}

const PAUSES = { firstMs: 200, longestMs: 10_000 };

export function createPerformRun(dependencies: PerformRunDependencies): PerformRun {
  const { fold, commands, clock, logger, check, thresholds } = dependencies;

  /** A waiting run must not occupy its place beyond its deadline. */
  async function untilDeadline<T>(
    run: OpenRun,
    signal: AbortSignal,
    work: (limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = abortWith(signal);
    const deadline = clock.sleep(run.deadline - clock.now(), limit.signal).then(() => {
      limit.abort(NO_REASON);
    });
    try {
      return await work(limit.signal);
    } finally {
      limit.abort(NO_REASON);
      await deadline;
    }
  }

  /** A run that is known to be open needs no read: whatever it writes is decided on the log. */
  async function stateWith(cronId: string, runId: string): Promise<FoldedJob | undefined> {
    const known = fold.get(cronId);
    return openRun(known, runId) === undefined ? fold.refresh(cronId) : known;
  }

  async function result(
    { job }: FoldedJob,
    { run, cause, limit }: { run: OpenRun; cause: Cause; limit: AbortSignal },
  ): Promise<JobCommand> {
    const { cron_id } = job;
    const { run_id, dry_run, started_at } = run;
    try {
      const outcome = await check({
        cron_id,
        run_id,
        dry_run,
        started_at,
        rules: run.rules ?? rulesOfEarlierVersion(job, thresholds),
        records_before: job.records_checked,
        cause,
        // A job that this process has lost sight of is no reason to stop: what is written is decided on the log.
        isOpen: () => fold.get(cron_id) === undefined || openRun(fold.get(cron_id), run_id) !== undefined,
        isStillOpen: async () =>
          openRun(await fold.refresh(cron_id), run_id) !== undefined && run.deadline > clock.now(),
        signal: limit,
      });
      return { type: 'CompleteRun', run_id, ...outcome };
    } catch (error) {
      if (error instanceof StoreError || error instanceof RunClosedError) throw error;
      logger.error({ err: error, run_id }, 'check failed');
      return {
        type: 'CompleteRun',
        run_id,
        status: 'failed',
        error: { code: 'check_failed', message: error instanceof Error ? error.message : String(error) },
      };
    }
  }

  return async ({ cronId, runId, traceparent }, signal) => {
    const cause: Cause = {
      actor: 'worker',
      correlation_id: runId,
      causation_id: runId,
      ...(traceparent !== undefined && { traceparent }),
    };
    const pauses = createPauses(PAUSES);
    while (!signal.aborted) {
      const pauseMs = pauses.next();
      try {
        const folded = await stateWith(cronId, runId);
        if (folded === undefined) return 'unknown';
        const run = openRun(folded, runId);
        if (run === undefined) return 'closed';
        // After its deadline a run waits to be timed out; a clock that had stepped may also be set right again.
        if (run.deadline > clock.now()) {
          const command = await untilDeadline(run, signal, (limit) => result(folded, { run, cause, limit }));
          await commands.handle({ cronId, command, cause });
          return 'closed';
        }
      } catch (error) {
        const folded = fold.get(cronId);
        if (folded !== undefined && openRun(folded, runId) === undefined) return 'closed';
        if (!(error instanceof RunClosedError)) {
          logger.warn(
            { err: error, run_id: runId, again_in_ms: pauseMs },
            'run delayed; retrying its check or completion',
          );
        }
      }
      await clock.sleep(pauseMs, signal);
    }
    throw new RunGivenUpError(`${runId} was given up`);
  };
}

function openRun(folded: FoldedJob | undefined, runId: string): OpenRun | undefined {
  return folded?.job.open_runs.find(({ run_id }) => run_id === runId);
}

/** It began when there was no brake, and may have asked for some already. */
function rulesOfEarlierVersion({ config }: CronJob, thresholds: readonly number[]): RunRules {
  return { ...rulesInForce(config, thresholds), max_reminders: 0 };
}
