import { createJobHistory } from '../../src/history/job-history.js';
import { jobOf } from '../../src/history/job-of.js';
import type { CronJob } from '../../src/job/cron-job.js';
import type { JobCommand } from '../../src/job/job-command.js';
import type { World } from './world.js';

const UP = { isLong: () => Promise.resolve(false) };

/** Commands that take back what was done to a job, as the service makes them of its history. */
export function createRegrets({ log, store, time, dice }: World) {
  const clock = {
    now: time.now,
    monotonic: time.now,
    sinceBoot: time.now,
    sleep: time.sleep,
    yield: time.yield,
  };
  const history = createJobHistory({ log, store, clock, modelsLag: UP }, { allowSeconds: false });

  async function jobAt(cronId: string, version: number): Promise<CronJob | undefined> {
    const document = await history.stateAt(cronId, version);
    return document && jobOf(document);
  }

  return {
    /** Undefined for a job that is not deleted. */
    async restore(cronId: string): Promise<JobCommand | undefined> {
      const version = await history.newestVersion(cronId);
      const deleted = await jobAt(cronId, version);
      if (deleted?.deleted !== true) return undefined;
      return { type: 'RestoreCronJob', deleted, version, reason: 'regretted' };
    },
    /** Undefined for a job that has never been. */
    async revert(cronId: string): Promise<JobCommand | undefined> {
      const reverted_to = 1 + Math.floor(dice.random() * (await history.newestVersion(cronId)));
      const job = await jobAt(cronId, reverted_to);
      return job && { type: 'UpdateCronJob', changes: job.config, reason: 'regretted', reverted_to };
    },
  };
}
