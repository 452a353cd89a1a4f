import type { RunRules } from '../events/job-events.js';
import type { ReminderEvent } from '../events/parse-event.js';
import { dayOf, expiryOf } from './expiry-days.js';
import type { RunFacts } from './run-facts.js';

/** The limit of a job without its own: 1,000 or a tenth of the records, whichever is more, up to 250,000. */
const [USUAL, USUAL_SHARE, MOST] = [1_000, 10, 250_000];
const DUE_AFTER_DAYS = 7;

/**
 * How many reminders the rules of a run allow. Repeated here on purpose, as all rules are: a proof does not use the code that
 * it proves.
 * @param records that the run has looked at; null while nobody has said: the most that it can be
 */
export function mostReminders(
  { confirm_reminders, max_reminders }: RunRules,
  records: number | null,
): number {
  if (confirm_reminders !== null) return confirm_reminders;
  if (max_reminders !== null) return max_reminders > 0 ? max_reminders : Infinity;
  if (records === null) return MOST;
  return Math.min(MOST, Math.max(USUAL, Math.floor(records / USUAL_SHARE)));
}

/** What is wrong with a reminder by the rules of its run, whatever the time zone data. */
export function faultsByRules(
  { threshold_days: threshold, days_left, type }: ReminderEvent['data'],
  { reminder_thresholds: thresholds, select }: RunRules,
): string[] {
  const faults: string[] = [];
  if (!thresholds.includes(threshold))
    faults.push(`a reminder ${threshold} days before: the run has ${thresholds.join(', ')}`);
  else if (!isDue(threshold, days_left))
    faults.push(`a reminder ${threshold} days before was not due with ${days_left} days left`);
  else if (thresholds.some((other) => other < threshold && days_left <= other))
    faults.push(`a reminder ${threshold} days before, and a nearer one was due with ${days_left} days left`);
  const types = select?.types ?? null;
  if (types !== null && (type === null || !types.includes(type)))
    faults.push(`a reminder of the type ${String(type)}, which the run does not select`);
  return faults;
}

/** One before the expiry is due until the expiry, one at or after it for 7 days. */
function isDue(threshold: number, daysLeft: number): boolean {
  const until = threshold > 0 ? 0 : threshold - DUE_AFTER_DAYS;
  return until <= daysLeft && daysLeft <= threshold;
}

/** What is wrong with the days left of a reminder, as today's time zone data have its days. */
export function faultOfDays(
  { days_left, expires_at }: ReminderEvent['data'],
  { rules, today }: RunFacts,
): string | undefined {
  if (rules === null || today === undefined) return undefined;
  const day = dayOf(expiryOf(expires_at), rules.time_zone);
  if (day === undefined || day - today === days_left) return undefined;
  return `a reminder with ${days_left} days left: by the start of the run there were ${day - today}`;
}
