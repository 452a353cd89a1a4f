import * as z from 'zod';
import type { NoReason } from '../events/job-events.js';
import { statusOf, type CronJob, type JobStatus } from '../job/cron-job.js';
import { rulesInForce } from '../job/rules-in-force.js';
import type { CertificationRegistry, StoredCertification } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { ReminderDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { dateText } from '../schedule/local-times.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { certificationSchema } from './certification.js';
import { localDayOf } from './expiry-day.js';
import { nextReminder, type CertificationFacts } from './next-reminder.js';
import { renewedBy } from './renewed-by.js';
import { runDays } from './run-days.js';

export interface Explanation {
  /** As the registry has it. */
  record: StoredCertification;
  /** Why no run can read it; null when they can. */
  unreadable: string | null;
  /** All that were asked for, oldest first, whatever its expiry was then. */
  reminders: ReminderDocument[];
  /** None where no run can read the record. */
  jobs: JobOutlook[];
}

/** What a job will do about a certification, if nothing changes. */
export interface JobOutlook {
  cron_id: string;
  name: string;
  /** Only an active one has runs to come. */
  status: JobStatus;
  /** The day, in the job's zone, of the first scheduled run that will ask for a reminder; null when none will. */
  next_reminder: { date: string; threshold_days: number } | null;
  /** Why a run today would not ask for one; null when it would. */
  reason: NoReason | null;
  /** The certification that has renewed it, by the days of the job's zone. */
  superseded_by: string | null;
}

export interface ExplainDependencies {
  registry: Pick<CertificationRegistry, 'find' | 'pagesOf'>;
  /** Its reminders must have caught up with the log. */
  store: Pick<ReadStore, 'remindersOf'>;
  clock: Clock;
  /** Of jobs without their own: days before the expiry. */
  thresholds: readonly number[];
  allowSeconds: boolean;
}

/**
 * Who was reminded of a certification, and for each of the given jobs when the next reminder comes or why none does.
 * @returns undefined when the registry has no such record
 * @throws StoreError
 */
export async function explain(
  certificationId: string,
  jobs: readonly CronJob[],
  dependencies: ExplainDependencies,
): Promise<Explanation | undefined> {
  const { registry, store } = dependencies;
  const record = await registry.find(certificationId);
  if (record === undefined) return undefined;
  const rows = await store.remindersOf([certificationId]);
  const reminders = rows.map(({ document }) => document).sort(byTime);
  const parsed = certificationSchema.safeParse(record);
  if (!parsed.success) return { record, unreadable: z.prettifyError(parsed.error), reminders, jobs: [] };
  const outlooks = await outlooksOf({ certification: parsed.data, asked: reminders }, jobs, dependencies);
  return { record: parsed.data, unreadable: null, reminders, jobs: outlooks };
}

async function outlooksOf(
  { certification, asked }: Omit<CertificationFacts, 'superseded'>,
  jobs: readonly CronJob[],
  { registry, clock, thresholds, allowSeconds }: ExplainDependencies,
): Promise<JobOutlook[]> {
  const zones = new Set(jobs.map(({ config }) => config.time_zone));
  const renewals = await renewedBy(certification, zones, { registry, clock });
  const now = clock.now();
  const nextSlice = inSlices(clock);
  const outlooks: JobOutlook[] = [];
  for (const job of jobs) {
    await nextSlice();
    const rules = rulesInForce(job.config, thresholds);
    const { reminder_thresholds, select, time_zone } = rules;
    const superseded_by = renewals.get(time_zone) ?? null;
    const { reason, next } = nextReminder(
      { certification, superseded: superseded_by !== null, asked },
      { reminder_thresholds, select, time_zone, today: localDayOf(now, time_zone) },
      runDays(job, now, { allowSeconds }),
    );
    outlooks.push({
      cron_id: job.cron_id,
      name: job.config.name,
      status: statusOf(job),
      next_reminder: next && {
        date: dateText(next.day * SECONDS_PER_DAY),
        threshold_days: next.threshold_days,
      },
      reason,
      superseded_by,
    });
  }
  return outlooks;
}

function byTime(one: ReminderDocument, other: ReminderDocument): number {
  if (one.requested_at === other.requested_at) return other.threshold_days - one.threshold_days;
  return one.requested_at < other.requested_at ? -1 : 1;
}
