import type { JobConfig } from '../events/job-config.js';
import type { RunRules } from '../events/job-events.js';

/**
 * What decides whom a run of a job reminds, when it starts now.
 * @param thresholds of jobs without their own: days before the expiry
 * @param confirmed so many reminders are let through, this once; null: as many as the job allows
 */
export function rulesInForce(
  { time_zone, reminder_thresholds, select, max_reminders }: JobConfig,
  thresholds: readonly number[],
  confirmed: number | null = null,
): RunRules {
  return {
    time_zone,
    reminder_thresholds: reminder_thresholds ?? [...thresholds],
    select,
    max_reminders,
    confirm_reminders: confirmed,
  };
}
