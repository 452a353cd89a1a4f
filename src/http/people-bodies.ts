import * as z from 'zod';
import { toWholeSeconds } from '../events/timestamp.js';
import { certificationSchema } from '../expiry-check/certification.js';
import { expiryDayOf } from '../expiry-check/expiry-day.js';
import type { Explanation } from '../expiry-check/explain.js';
import type { DueReminder } from '../expiry-check/reminder-due.js';
import type {
  Certification,
  ListedCertification,
  StoredCertification,
} from '../ports/certification-registry.js';
import type { ReminderDocument } from '../ports/read-models.js';
import { shortened } from './shortened.js';

/** The bodies of what names mentors. */

/** A certification has a few in a year. */
const MOST_REMINDERS = 100;
/** Of what is shown of a record that cannot be read, which may be anything. */
const MOST_OF_A_VALUE = 200;
const MOST_OF_A_REASON = 500;

/** Whom a run would remind, or has reminded. */
export function reminderRow(reminder: DueReminder | ReminderDocument) {
  const { certification_id, mentor_id, type, expires_at, days_left, threshold_days } = reminder;
  return { certification_id, mentor_id, type, expires_at, days_left, threshold_days };
}

export function requestedRow(reminder: ReminderDocument) {
  return { ...reminderRow(reminder), requested_at: toWholeSeconds(reminder.requested_at) };
}

/** A record of a list. @param today as days of UTC since 1970-01-01 */
export function listedBody({ record, place }: ListedCertification, today: number) {
  return { ...recordBody(record), days_left: place.expires_day - today };
}

export function explainedBody(
  { record, reminders, jobs }: Explanation,
  pagination: { page: number; limit: number; total: number },
  today: number,
) {
  const body = recordBody(record);
  return {
    ...body,
    days_left: body.unreadable === null ? expiryDayOf(String(body.expires_at), 'UTC') - today : null,
    reminders: reminders.slice(-MOST_REMINDERS).map((reminder) => {
      const { cron_id, run_id, threshold_days, days_left, expires_at, requested_at } = reminder;
      const requested = toWholeSeconds(requested_at);
      return { cron_id, run_id, threshold_days, days_left, expires_at, requested_at: requested };
    }),
    reminders_left_out: Math.max(0, reminders.length - MOST_REMINDERS),
    jobs,
    pagination,
  };
}

/** A record as the registry has it; where no run can read it, the beginning of its values, and why. */
export function recordBody(record: StoredCertification) {
  const parsed = certificationSchema.safeParse(record);
  const { certification_id, mentor_id, type, labels, status, renewable_from, expires_at } = parsed.success
    ? parsed.data
    : shownOf(record);
  const unreadable = parsed.success ? null : shortened(z.prettifyError(parsed.error), MOST_OF_A_REASON);
  return { certification_id, mentor_id, type, labels, status, renewable_from, expires_at, unreadable };
}

type Shown = { [F in keyof Certification]: string | null };

function shownOf(record: StoredCertification): Shown {
  const shown = (value: unknown): string | null => {
    if (value === undefined || value === null) return null;
    return shortened(typeof value === 'string' ? value : JSON.stringify(value), MOST_OF_A_VALUE);
  };
  const { certification_id, mentor_id, type, labels, status, renewable_from, expires_at } = record;
  return {
    certification_id: shown(certification_id),
    mentor_id: shown(mentor_id),
    type: shown(type),
    labels: shown(labels),
    status: shown(status),
    renewable_from: shown(renewable_from),
    expires_at: shown(expires_at),
  };
}
