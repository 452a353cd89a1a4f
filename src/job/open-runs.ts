import { MOST_OPEN_RUNS, type CronJob, type OpenRun } from './cron-job.js';

/** Real runs that are open: a dry run never counts. */
export function openRealRuns(job: CronJob): OpenRun[] {
  return job.open_runs.filter((run) => !run.dry_run);
}

/** How many more real runs may be open now; not above 0 when there is no room. */
export function roomForRuns(job: CronJob): number {
  const most = job.config.concurrency_policy === 'forbid' ? 1 : MOST_OPEN_RUNS;
  return most - openRealRuns(job).length;
}
