import type { NoReason, RunRules } from '../events/job-events.js';
import type { Certification } from '../ports/certification-registry.js';
import { dueThreshold } from './due-threshold.js';
import { expiryDayOf } from './expiry-day.js';
import type { AskedReminder } from './reminder-history.js';
import { isOfPeriod } from './validity-period.js';

/** What decides about one certification: rules of the job, and the day that everything is measured from. */
export interface CheckRules extends Pick<RunRules, 'reminder_thresholds' | 'select' | 'time_zone'> {
  /** Calendar day in the zone, as days since 1970-01-01. */
  today: number;
}

/** A reminder that a record calls for, whatever was asked for before. */
export interface DueReminder extends Certification {
  threshold_days: number;
  days_left: number;
}

/** Whether a record is no concern of reminders at all, on any day and for any job. */
export function inactive({ status }: Pick<Certification, 'status'>): NoReason | undefined {
  return status === 'active' ? undefined : status;
}

/** The reminder that an active record calls for that day, or why it calls for none. Nothing is known of earlier ones. */
export function reminderDue(certification: Certification, rules: CheckRules): DueReminder | NoReason {
  const { time_zone, today, reminder_thresholds } = rules;
  if (!isSelected(certification, rules)) return 'not_selected';
  const days_left = expiryDayOf(certification.expires_at, time_zone) - today;
  const threshold = dueThreshold(days_left, reminder_thresholds);
  if (typeof threshold === 'string') return threshold;
  if (renewableDay(certification) > today) return 'not_renewable_yet';
  return { ...certification, threshold_days: threshold, days_left };
}

/**
 * Why a reminder that is due is not asked for: in its validity period that threshold was asked for, or a nearer one.
 * @returns undefined when it is asked for
 */
export function askedBefore(
  { threshold_days, days_left }: DueReminder,
  asked: readonly AskedReminder[],
  rules: CheckRules,
): 'already_asked' | 'nearer_asked' | undefined {
  const day = rules.today + days_left;
  let reason: 'already_asked' | 'nearer_asked' | undefined;
  for (const earlier of asked) {
    if (earlier.threshold_days > threshold_days || !isOfPeriod(earlier.expires_at, day, rules)) continue;
    if (earlier.threshold_days === threshold_days) return 'already_asked';
    reason = 'nearer_asked';
  }
  return reason;
}

/** The first day of reminders, as days since 1970-01-01; -Infinity when any day is. */
export function renewableDay({ renewable_from }: Pick<Certification, 'renewable_from'>): number {
  return renewable_from === null ? -Infinity : expiryDayOf(renewable_from, 'UTC');
}

function isSelected(
  { type, labels }: Pick<Certification, 'type' | 'labels'>,
  { select }: Pick<CheckRules, 'select'>,
): boolean {
  if (select === null) return true;
  const { types, labels: wanted } = select;
  if (types !== null && (type === null || !types.includes(type))) return false;
  return wanted === null || labels.some((label) => wanted.includes(label));
}
