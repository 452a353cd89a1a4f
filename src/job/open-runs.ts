import type { CronJob, OpenRun } from './cron-job.js';

/**
 * Open runs of a job, real and dry ones each: the state holds them all, and is copied and stored with each event. Jobs of
 * older logs may have more; they get no new ones.
 */
export const MOST_OPEN_RUNS = 100;

/** Real runs that are open: a dry run never counts. */
export function openRealRuns(job: CronJob): OpenRun[] {
  return job.open_runs.filter((run) => !run.dry_run);
}

/** How many more real runs may be open now; not above 0 when there is no room. */
export function roomForRuns(job: CronJob): number {
  const most = job.config.concurrency_policy === 'forbid' ? 1 : MOST_OPEN_RUNS;
  return most - openRealRuns(job).length;
}
