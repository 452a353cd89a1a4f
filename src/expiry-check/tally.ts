import { NO_REASONS, type NoReason } from '../events/job-events.js';

/** What one walk over the registry has counted. */
export interface Tally {
  mentors: number;
  /** All that were looked at: those with a reminder, with a reason why not, and unreadable ones. */
  records: number;
  unreadable: number;
  /** Of this run, whether asked for now or by an earlier attempt. */
  reminders: number;
  reasons: Record<NoReason, number>;
}

export function createTally(): Tally {
  const reasons = Object.fromEntries(NO_REASONS.map((reason) => [reason, 0])) as Tally['reasons'];
  return { mentors: 0, records: 0, unreadable: 0, reminders: 0, reasons };
}
