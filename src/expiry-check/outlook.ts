import type { RunResult } from '../events/job-events.js';
import type { CronJob } from '../job/cron-job.js';
import { rulesInForce } from '../job/rules-in-force.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import { abortWith } from '../waiting/abort-with.js';
import { inTime } from '../waiting/in-time.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { explain, type Explanation } from './explain.js';
import { forecast, type ForecastOptions } from './forecast.js';

/** What people ask about certifications and reminders. Stores nothing. Every call may throw StoreError. */
export interface Outlook {
  /**
   * Waits some seconds for the read model of reminders: what follows needs each that was asked for before this call.
   * @returns what rejects with StoreError when the model may have been emptied since: to be asked after it was read. Undefined
   *   when it has not caught up, or `signal` has aborted
   */
  knowsReminders: (signal: AbortSignal) => Promise<(() => Promise<void>) | undefined>;
  /** Whom a run of the job, as it is now, would remind on a day. @throws what `goOn` throws */
  forecast: (job: CronJob, asked: Omit<ForecastOptions, 'rules' | 'recordsBefore'>) => Promise<RunResult>;
  /** @returns undefined when the registry has no such record */
  explain: (certificationId: string, jobs: readonly CronJob[]) => Promise<Explanation | undefined>;
  list: CertificationRegistry['list'];
}

export interface OutlookAdapters {
  log: Pick<EventLog, 'head'>;
  registry: CertificationRegistry;
}

/** See `CoreOptions`. */
export interface OutlookOptions {
  thresholds: readonly number[];
  maxAgeHours: number | null;
  allowSeconds: boolean;
}

export interface OutlookSources {
  store: Pick<ReadStore, 'remindersOf'>;
  clock: Clock;
  /** The read model of reminders. */
  reminders: { whenKnown: (position: Position, signal: AbortSignal) => Promise<() => Promise<void>> };
}

/** A leader that has just changed projects within it. */
const PATIENCE_MS = 5_000;

export function createOutlook(
  { log, registry }: OutlookAdapters,
  { thresholds, maxAgeHours, allowSeconds }: OutlookOptions,
  { store, clock, reminders }: OutlookSources,
): Outlook {
  return {
    async knowsReminders(signal) {
      const looking = abortWith(signal);
      const known = reminders.whenKnown(await log.head(), looking.signal);
      try {
        const stillKnown = await inTime(clock, PATIENCE_MS, known);
        return signal.aborted ? undefined : stillKnown;
      } finally {
        looking.abort(NO_REASON);
      }
    },
    forecast: (job, { day, onReminder, goOn }) =>
      forecast(
        {
          rules: rulesInForce(job.config, thresholds),
          recordsBefore: job.records_checked,
          day,
          onReminder,
          goOn,
        },
        { registry, store, clock, maxAgeHours },
      ),
    explain: (certificationId, jobs) =>
      explain(certificationId, jobs, { registry, store, clock, thresholds, allowSeconds }),
    list: (query) => registry.list(query),
  };
}
