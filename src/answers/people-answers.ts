import * as z from 'zod';
import { NO_REASONS } from '../events/job-events.js';
import { CERTIFICATION_STATUSES } from '../ports/certification-registry.js';
import { JOB_STATUSES } from '../ports/job-list.js';
import { date, secondInstant } from './instant.js';
import { resultAnswer } from './job-answers.js';
import { pageNumbers, pagesByCursor } from './pages.js';

/** The bodies of answers that name mentors. */

const days_left = z.int().describe('until its last day of validity; negative when it has expired');
const threshold_days = z.int().describe('the threshold that the reminder is for, in days before the expiry');

const reminder = z.strictObject({
  certification_id: z.string(),
  mentor_id: z.string(),
  type: z.string().nullable(),
  expires_at: z.string().describe('a date, or an instant, as the registry had it'),
  days_left,
  threshold_days,
});

const requested_at = secondInstant;

export const remindersAnswer = pagesByCursor(reminder.extend({ requested_at }));

export const forecastAnswer = z.strictObject({
  on: date.describe('in the zone of the job'),
  ...pagesByCursor(reminder).shape,
  result: resultAnswer.describe('what the run would count'),
});

const stored = z
  .string()
  .nullable()
  .describe('where no run can read the record: the beginning of what is there');

const record = z.strictObject({
  certification_id: stored,
  mentor_id: stored,
  type: stored,
  labels: z.union([z.array(z.string()), stored]),
  status: z.union([z.enum(CERTIFICATION_STATUSES), stored]),
  renewable_from: stored,
  expires_at: stored,
  unreadable: z.string().nullable().describe('why no run can read the record; null when they can'),
});

export const certificationsAnswer = pagesByCursor(record.extend({ days_left }));

const outlook = z.strictObject({
  cron_id: z.string(),
  name: z.string(),
  status: z.enum(JOB_STATUSES),
  next_reminder: z
    .strictObject({ date: date.describe('in the zone of the job'), threshold_days })
    .nullable()
    .describe('of the first scheduled run that will ask for one; null when none will'),
  reason: z.enum(NO_REASONS).nullable().describe('why a run today would not ask for one; null when it would'),
  superseded_by: z.string().nullable().describe('the certification that has renewed it'),
});

export const certificationAnswer = record.extend({
  days_left: days_left.nullable(),
  reminders: z
    .array(
      z.strictObject({
        cron_id: z.string(),
        run_id: z.string(),
        threshold_days,
        days_left,
        expires_at: z.string(),
        requested_at,
      }),
    )
    .describe('the newest that were asked for, oldest first'),
  reminders_left_out: z.int().describe('so many older ones are not shown'),
  jobs: z.array(outlook).describe('what each job will do about it, a page of them'),
  pagination: pageNumbers,
});
