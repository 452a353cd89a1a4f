import { defaultJobConfig } from '../events/job-config.js';
import type { CronJob } from './cron-job.js';

const DELETED: Omit<CronJob, 'cron_id'> = {
  key: null,
  config: { ...defaultJobConfig, name: '', cron_expression: '', enabled: false },
  config_version: 0,
  watermark: 0,
  open_runs: [],
  unheard_runs: [],
  last_run_no: 0,
  records_checked: null,
  last_event_at: 0,
  was_reset: true,
  updated_at: 0,
  schedule_error: null,
  deleted: true,
  requests: [],
};

/**
 * What must be remembered of a job. A deleted one is remembered for ever, since its id is never given again: while runs
 * are open all of it, then the runs whose results may still come and the requests that may still be repeated, and undefined
 * when there are none: then it is enough to know that it was there.
 */
export function remainsOf(job: CronJob): CronJob | undefined {
  if (!job.deleted || job.open_runs.length > 0) return job;
  const { cron_id, unheard_runs, requests, last_event_at } = job;
  if (unheard_runs.length === 0 && requests.length === 0) return undefined;
  return { ...deletedJob(cron_id), unheard_runs, requests, last_event_at };
}

/** Whether nothing can happen to it any more, but that a client brings it back. */
export function isAtRest({ deleted, open_runs, unheard_runs }: CronJob): boolean {
  return deleted && open_runs.length === 0 && unheard_runs.length === 0;
}

/** A job of which only this is known. */
export function deletedJob(cronId: string): CronJob {
  return { ...DELETED, cron_id: cronId };
}
