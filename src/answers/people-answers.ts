import * as z from 'zod';
import { NO_REASONS } from '../events/job-events.js';
import { CERTIFICATION_STATUSES } from '../ports/certification-registry.js';
import { date, secondInstant } from './instant.js';
import { jobStatus, resultAnswer } from './job-answers.js';
import { pageNumbers, pagesByCursor } from './pages.js';

/** The bodies of answers that name mentors. */

const days_left = z.int().describe('until its last day of validity; negative when it has expired');
const threshold_days = z.int().describe('the threshold that the reminder is for, in days before the expiry');

/** One that a run would ask for. */
export const forecastReminder = z.strictObject({
  certification_id: z.string(),
  mentor_id: z.string(),
  type: z.string().nullable(),
  expires_at: z.string().describe('a date, or an instant, as the registry had it'),
  days_left,
  threshold_days,
});

const requested_at = secondInstant;

export const requestedReminder = forecastReminder.extend({ requested_at });

export const remindersAnswer = pagesByCursor(requestedReminder);

export const forecastAnswer = z.strictObject({
  on: date.describe('in the zone of the job'),
  ...pagesByCursor(forecastReminder).shape,
  result: resultAnswer.describe('what the run would count'),
});

const stored = z
  .string()
  .nullable()
  .describe('where no run can read the record: the beginning of what is there');

export const certificationStatus = z.enum(CERTIFICATION_STATUSES);

const record = z.strictObject({
  certification_id: stored,
  mentor_id: stored,
  type: stored,
  labels: z.union([z.array(z.string()), stored]),
  status: z.union([certificationStatus, stored]),
  renewable_from: stored,
  expires_at: stored,
  unreadable: z.string().nullable().describe('why no run can read the record; null when they can'),
});

export const certificationInList = record.extend({ days_left });

export const certificationsAnswer = pagesByCursor(certificationInList);

export const noReason = z.enum(NO_REASONS);

export const nextReminder = z.strictObject({ date: date.describe('in the zone of the job'), threshold_days });

/** What a job will do about a certification. */
export const outlookOfJob = z.strictObject({
  cron_id: z.string(),
  name: z.string(),
  status: jobStatus,
  next_reminder: nextReminder
    .nullable()
    .describe('of the first scheduled run that will ask for one; null when none will'),
  reason: noReason.nullable().describe('why a run today would not ask for one; null when it would'),
  superseded_by: z.string().nullable().describe('the certification that has renewed it'),
});

export const reminderOfRun = z.strictObject({
  cron_id: z.string(),
  run_id: z.string(),
  threshold_days,
  days_left,
  expires_at: z.string(),
  requested_at,
});

export const certificationAnswer = record.extend({
  days_left: days_left.nullable(),
  reminders: z.array(reminderOfRun).describe('the newest that were asked for, oldest first'),
  reminders_left_out: z.int().describe('so many older ones are not shown'),
  jobs: z.array(outlookOfJob).describe('what each job will do about it, a page of them'),
  pagination: pageNumbers,
});
