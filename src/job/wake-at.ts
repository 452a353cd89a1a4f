import { isScheduling, nextSlot, type CronJob } from './cron-job.js';

/**
 * When the scheduler must look at the job again, epoch milliseconds; Infinity when only an event can change anything.
 * @param ticked the instant of the last Tick that found nothing to do: slots up to then wait for a run to end
 */
export function wakeAt(job: CronJob, ticked: number, options: { allowSeconds: boolean }): number {
  let deadline = Infinity;
  for (const run of job.open_runs) deadline = Math.min(deadline, run.deadline);
  if (!isScheduling(job)) return deadline;
  try {
    const next = nextSlot(job, options);
    if (next === undefined) return deadline;
    return next > ticked ? Math.min(next, deadline) : deadline;
  } catch {
    // The Tick records why: it must come once.
    return ticked === -Infinity ? -Infinity : deadline;
  }
}
