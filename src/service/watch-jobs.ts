import type { JobFold } from '../fold/job-fold.js';
import type { CronJob } from '../job/cron-job.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { refusedToday } from '../schedule/refused-today.js';
import { inSlices } from '../waiting/turn-with-time.js';

export interface WatchJobsDependencies {
  fold: Pick<JobFold, 'all'>;
  clock: Clock;
  logger: Logger;
  allowSeconds: boolean;
}

const LOOK_EVERY_MS = 600_000;
/** A line of the log names so many. */
const MOST_NAMED = 20;

/**
 * Warns of jobs that an operator should look at: at the start of those whose expression or zone a client could not give
 * today, and as they come of those that are silent because a clock ran ahead. Until `signal` aborts.
 */
export async function watchJobs(dependencies: WatchJobsDependencies, signal: AbortSignal): Promise<void> {
  try {
    await watch(dependencies, signal);
  } catch (err) {
    dependencies.logger.error({ err }, 'looking for jobs to warn of has ended');
  }
}

async function watch(
  { fold, clock, logger, allowSeconds }: WatchJobsDependencies,
  signal: AbortSignal,
): Promise<void> {
  const options = { allowSeconds };
  const nextSlice = inSlices(clock);

  async function jobsThat(are: (job: CronJob) => boolean): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { job } of fold.all()) {
      await nextSlice();
      if (signal.aborted) break;
      if (!job.deleted && are(job)) found.add(job.cron_id);
    }
    return found;
  }

  const refused = await jobsThat(
    ({ config, schedule_error }) => schedule_error === null && refusedToday(config, options).length > 0,
  );
  if (refused.size > 0)
    logger.warn(named(refused), 'jobs keep an expression or a time zone that would be refused today');
  let told = new Set<string>();
  while (!signal.aborted) {
    const now = clock.now();
    const ahead = await jobsThat((job) => settledAheadUntil(job, now, options) !== undefined);
    const news = new Set([...ahead].filter((cronId) => !told.has(cronId)));
    if (news.size > 0)
      logger.warn(
        named(news),
        'jobs are silent: their slots were settled before they came; reset-watermark undoes it',
      );
    told = ahead;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

function named(cronIds: ReadonlySet<string>): object {
  return { jobs: cronIds.size, cron_ids: [...cronIds].slice(0, MOST_NAMED) };
}
