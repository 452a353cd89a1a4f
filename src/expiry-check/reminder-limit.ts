import type { RunRules } from '../events/job-events.js';

/** All that a run may ask for is kept in memory until it is counted. */
export const MOST_REMINDERS = 250_000;

const USUAL = 1_000;
const USUAL_SHARE = 10;

/**
 * How many reminders a real run may ask for; beyond it asks for none. What was confirmed for this run counts, then what
 * the job allows; else 1,000 or a tenth of the records, whichever is more, but 250,000 at most.
 * @param records that the run has looked at
 * @returns Infinity when the job allows any number
 */
export function reminderLimit(
  { confirm_reminders, max_reminders }: Pick<RunRules, 'confirm_reminders' | 'max_reminders'>,
  records: number,
): number {
  if (confirm_reminders !== null) return confirm_reminders;
  if (max_reminders !== null) return max_reminders === 0 ? Infinity : max_reminders;
  return Math.min(Math.max(USUAL, Math.floor(records / USUAL_SHARE)), MOST_REMINDERS);
}
