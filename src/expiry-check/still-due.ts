import type { ReminderEvent } from '../events/parse-event.js';
import type { Certification } from '../ports/certification-registry.js';
import { lastDayOf } from './due-threshold.js';
import { expiryDayOf, localDayOf } from './expiry-day.js';
import { askedBefore, inactive, reminderDue, type CheckRules } from './reminder-due.js';
import type { AskedReminder } from './reminder-history.js';

/** A reminder as it was asked for. */
export type Reminder = ReminderEvent['data'];

/** What is known by now of a certification that a reminder was asked for. */
export interface KnownSince {
  /** Its record; undefined when the registry has none that can be read. */
  certification: Certification | undefined;
  /** Whether a later record of its mentor and type has renewed it. */
  superseded: boolean;
  /** The reminders that were asked for after this one. */
  askedSince: readonly AskedReminder[];
}

/**
 * Whether a reminder that was asked for is still due: a run of today, by the rules of the run that asked for it, would ask
 * for this very one (same mentor, expiry and threshold) if nobody had, and no nearer one was asked for since.
 * @param rules of that run, and the day of today
 */
export function isStillDue(
  { mentor_id, expires_at, threshold_days }: Reminder,
  { certification, superseded, askedSince }: KnownSince,
  rules: CheckRules,
): boolean {
  if (certification === undefined || superseded || inactive(certification) !== undefined) return false;
  if (certification.mentor_id !== mentor_id || certification.expires_at !== expires_at) return false;
  const due = reminderDue(certification, rules);
  if (typeof due === 'string' || due.threshold_days !== threshold_days) return false;
  const nearer = askedSince.filter((one) => one.threshold_days < threshold_days);
  return askedBefore(due, nearer, rules) === undefined;
}

/** The day of an instant, and that of a date, each differ by a day at most from zone to zone. */
const DAYS_BETWEEN_ZONES = 2;

/**
 * Whether a reminder is over by its date alone, in every time zone: of an old log nearly all are.
 * @param now epoch milliseconds
 */
export function isLongOver(
  { expires_at, threshold_days }: Pick<Reminder, 'expires_at' | 'threshold_days'>,
  now: number,
): boolean {
  const daysLeft = expiryDayOf(expires_at, 'UTC') - localDayOf(now, 'UTC');
  return daysLeft < lastDayOf(threshold_days) - DAYS_BETWEEN_ZONES;
}
