import { createOutlook, type Outlook, type OutlookOptions } from '../expiry-check/outlook.js';
import { foldJob, foldJobs } from '../fold/fold-jobs.js';
import type { CronJob } from '../job/cron-job.js';
import type { Adapters } from '../ports/adapters.js';
import { projectionGroups } from '../projections/groups.js';
import { lacksEvents } from '../projections/lacks-events.js';
import { createPauses } from '../waiting/pauses.js';

/** What a tool knows from the stores alone, whether a service runs on them or not. Every call may throw StoreError. */
export interface StoredOutlook extends Pick<Outlook, 'knowsReminders' | 'forecast' | 'explain'> {
  /** A job that is not deleted, as it is by now. */
  job: (cronId: string) => Promise<CronJob | undefined>;
  /** All of them, by name. */
  jobs: () => Promise<CronJob[]>;
}

const BETWEEN_LOOKS = { firstMs: 50, longestMs: 1_000 };

export function createStoredOutlook(
  adapters: Pick<Adapters, 'log' | 'store' | 'registry' | 'clock' | 'logger'>,
  options: OutlookOptions,
): StoredOutlook {
  const { log, store, clock, logger } = adapters;
  const groups = projectionGroups({ allowSeconds: options.allowSeconds });
  const reminders: Parameters<typeof createOutlook>[2]['reminders'] = {
    async whenKnown(_, signal) {
      const pauses = createPauses(BETWEEN_LOOKS);
      while (!signal.aborted && (await lacksEvents(groups.reminders, { log, store, clock, logger })))
        await clock.sleep(pauses.next(), signal);
      // What a tool reads, it reads once, and says what it has found.
      return () => Promise.resolve();
    },
  };
  const { knowsReminders, forecast, explain } = createOutlook(adapters, options, { store, clock, reminders });
  return {
    knowsReminders,
    forecast,
    explain,
    async job(cronId) {
      const job = (await foldJob(cronId, { log, store }))?.job;
      return job?.deleted === false ? job : undefined;
    },
    async jobs() {
      const folded = await foldJobs({ log, store, clock, logger, group: groups.jobs });
      const present = folded.map(({ job }) => job).filter(({ deleted }) => !deleted);
      return present.sort((one, other) => one.config.name.localeCompare(other.config.name));
    },
  };
}
