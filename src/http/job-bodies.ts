import type { JobBody } from '../answers/job-answers.js';
import type { RunBody, RunInList } from '../answers/run-answers.js';
import { nextRunAt, statusOf, type CronJob } from '../job/cron-job.js';
import { configOf, type JobConfig } from '../events/job-config.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import { jobOf } from '../history/job-of.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import type { JobDocument, RunDocument } from '../ports/read-models.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { scheduleWarnings, type ScheduleWarning } from '../schedule/schedule-warnings.js';
import { tellRunWarning } from './tell-run-warning.js';

/** The bodies of the contract: its fields, and after them those that it does not know. */

const seconds = (timestamp: string | null): string | null =>
  timestamp === null ? null : toWholeSeconds(timestamp);

/** What only the read model of jobs has: no decision needs it. */
export type RowOnly = Pick<JobDocument, 'last_run_at' | 'last_run_status' | 'last_run_result'> & {
  created_at: string | null;
};

/** What an answer shows of a job. */
export type ShownJob = JobConfig &
  RowOnly &
  Pick<
    JobDocument,
    'cron_id' | 'key' | 'config_version' | 'status' | 'schedule_error' | 'next_run_at' | 'updated_at'
  > &
  Partial<Pick<JobDocument, 'deleted_at'>>;

/** In an answer that could not ask the read model. */
const UNKNOWN: RowOnly = {
  created_at: null,
  last_run_at: null,
  last_run_status: null,
  last_run_result: null,
};

/** A job as a command has left it, and what the read model adds; undefined when it could not be asked. */
export function shownAfter(job: CronJob, row: RowOnly | undefined, options: ParseOptions): ShownJob {
  const { created_at, last_run_at, last_run_status, last_run_result } = row ?? UNKNOWN;
  return {
    ...configOf(job.config),
    cron_id: job.cron_id,
    key: job.key,
    config_version: job.config_version,
    status: statusOf(job),
    schedule_error: job.schedule_error,
    next_run_at: nextRunAt(job, options),
    updated_at: toTimestamp(job.updated_at),
    created_at,
    last_run_at,
    last_run_status,
    last_run_result,
  };
}

/** What the read model will have of a job that was just created. */
export function newRow(job: CronJob): RowOnly {
  return { ...UNKNOWN, created_at: toTimestamp(job.updated_at) };
}

/**
 * The one shape of a job, in every answer.
 * @param aheadUntil until when the job is silent because its slots were settled before they came, epoch milliseconds
 */
export function jobBody(job: ShownJob, aheadUntil: number | undefined, options: ParseOptions): JobBody {
  const { name, cron_expression, ...beyondContract } = configOf(job);
  return {
    id: job.cron_id,
    name,
    cron_expression,
    status: job.status,
    last_run_at: seconds(job.last_run_at),
    last_run_status: job.last_run_status,
    last_run_result: job.last_run_result,
    next_run_at: seconds(job.next_run_at),
    created_at: seconds(job.created_at),
    updated_at: toWholeSeconds(job.updated_at),
    ...beyondContract,
    key: job.key,
    config_version: job.config_version,
    schedule_error: job.schedule_error,
    settled_ahead_until: aheadUntil === undefined ? null : toWholeSeconds(toTimestamp(aheadUntil)),
    warnings: warningsOf(job, options),
  };
}

/** A job as it is after an event, outside of answers. @param now epoch milliseconds */
export function jobState(document: JobDocument, now: number, options: ParseOptions): JobBody {
  return jobBody(document, settledAheadUntil(jobOf(document), now, options), options);
}

/** What is not wrong, but should be looked at. */
function warningsOf(job: ShownJob, options: ParseOptions): ScheduleWarning[] {
  const ofLastRun = (job.last_run_result?.warnings ?? []).map((warning) => ({
    code: warning.code,
    field: 'last_run_result',
    message: tellRunWarning(warning),
  }));
  return [...scheduleWarnings(job, options), ...ofLastRun];
}

/** What only the read model has of a run is null in an answer that could not ask it. */
export type ShownRun = Pick<
  RunDocument,
  'run_id' | 'cron_id' | 'status' | 'completed_at' | 'result' | 'error'
> & {
  [F in 'started_at' | 'trigger' | 'slot' | 'late_by_ms' | 'dry_run' | 'rules' | 'reason']:
    RunDocument[F] | null;
};

export function runInList(run: ShownRun): RunInList {
  const { run_id, cron_id, status, result, error, trigger, dry_run, late_by_ms, reason } = run;
  return {
    run_id,
    cron_id,
    started_at: seconds(run.started_at),
    completed_at: seconds(run.completed_at),
    status,
    result,
    error,
    trigger,
    slot: seconds(run.slot),
    late_by_ms,
    dry_run,
    reason,
  };
}

/** One run: a list would repeat the same rules in each. */
export function runBody(run: ShownRun): RunBody {
  return { ...runInList(run), rules: run.rules };
}
