import { nextRunAt, statusOf, type CronJob } from '../job/cron-job.js';
import { configOf } from '../events/job-config.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import type { RunDocument } from '../ports/read-models.js';
import type { ListedJob } from '../ports/read-store.js';
import type { ParseOptions } from '../schedule/cron-expression.js';

/** The bodies of the contract: its fields, and after them those that it does not know. */

const seconds = (timestamp: string | null): string | null =>
  timestamp === null ? null : toWholeSeconds(timestamp);

export function jobInList(job: ListedJob) {
  return {
    id: job.cron_id,
    name: job.name,
    cron_expression: job.cron_expression,
    status: job.status,
    last_run_at: seconds(job.last_run_at),
    last_run_status: job.last_run_status,
    next_run_at: seconds(job.next_run_at),
    time_zone: job.time_zone,
  };
}

/** @param aheadUntil until when the job is silent because its slots were settled before they came, epoch milliseconds */
export function jobDetails(job: ListedJob, aheadUntil: number | undefined) {
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
    created_at: toWholeSeconds(job.created_at),
    updated_at: toWholeSeconds(job.updated_at),
    ...beyondContract,
    schedule_error: job.schedule_error,
    settled_ahead_until: aheadUntil === undefined ? null : toWholeSeconds(toTimestamp(aheadUntil)),
  };
}

export function createdJob(job: CronJob, options: ParseOptions) {
  return { ...changedJob(job, options), created_at: toWholeSeconds(toTimestamp(job.updated_at)) };
}

export function updatedJob(job: CronJob, options: ParseOptions) {
  return { ...changedJob(job, options), updated_at: toWholeSeconds(toTimestamp(job.updated_at)) };
}

function changedJob(job: CronJob, options: ParseOptions) {
  const { name, cron_expression, ...beyondContract } = configOf(job.config);
  return {
    id: job.cron_id,
    name,
    cron_expression,
    status: statusOf(job),
    next_run_at: seconds(nextRunAt(job, options)),
    ...beyondContract,
  };
}

export function runInList(run: RunDocument) {
  const { run_id, cron_id, status, result, error, trigger, dry_run, late_by_ms } = run;
  return {
    run_id,
    cron_id,
    started_at: toWholeSeconds(run.started_at),
    completed_at: seconds(run.completed_at),
    status,
    result,
    error,
    trigger,
    slot: seconds(run.slot),
    late_by_ms,
    dry_run,
  };
}

export function page<T>(
  data: readonly T[],
  { page, limit, total }: { page: number; limit: number; total: number },
) {
  return { data, pagination: { page, limit, total } };
}
