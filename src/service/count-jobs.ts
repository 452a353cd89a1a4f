import type { FoldedJob, JobFold } from '../fold/job-fold.js';
import type { CronJob } from '../job/cron-job.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import type { Clock } from '../ports/clock.js';
import { inSlices } from '../waiting/turn-with-time.js';

/** Even looking at the time costs more than counting one job. */
const JOBS_AT_A_STRETCH = 500;

type Jobs = Pick<JobFold, 'all'>;

/** Runs that are started and not completed. There may be very many jobs: other work comes in between. */
export function countOpenRuns(fold: Jobs, clock: Clock): Promise<number> {
  return sumOver(fold.all(), clock, ({ open_runs }) => open_runs.length);
}

/** Jobs that are silent because a clock ran ahead; counted likewise. */
export function countSettledAhead(
  fold: Jobs,
  clock: Clock,
  options: { allowSeconds: boolean },
): Promise<number> {
  const now = clock.now();
  return sumOver(fold.all(), clock, (job) => (settledAheadUntil(job, now, options) === undefined ? 0 : 1));
}

async function sumOver(
  jobs: Iterable<FoldedJob>,
  clock: Clock,
  valueOf: (job: CronJob) => number,
): Promise<number> {
  const nextSlice = inSlices(clock);
  let [sum, seen] = [0, 0];
  for (const { job } of jobs) {
    if (seen++ % JOBS_AT_A_STRETCH === 0) await nextSlice();
    sum += valueOf(job);
  }
  return sum;
}
