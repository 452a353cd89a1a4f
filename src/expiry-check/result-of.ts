import type { RunResult, RunRules } from '../events/job-events.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import { reminderLimit } from './reminder-limit.js';
import { runWarnings, type WarningFacts } from './run-warnings.js';

export interface Counted extends WarningFacts {
  rules: Pick<RunRules, 'confirm_reminders' | 'max_reminders'>;
  /** How many it would have asked for, where it asked for none: then it says whether a real run is stopped. */
  wanted: number | undefined;
}

/** The result of a walk over the registry, with what an operator should look at. */
export function resultOf({ rules, wanted, ...facts }: Counted): RunResult {
  const { mentors, records, unreadable, reminders, reasons } = facts.tally;
  const warnings = runWarnings(facts);
  const limit = reminderLimit(rules, records);
  if (wanted !== undefined && wanted > limit)
    warnings.push({ code: 'too_many_reminders', reminders: wanted, limit });
  return {
    mentors_checked: mentors,
    reminders_sent: reminders,
    errors: unreadable,
    records_checked: records,
    reasons,
    warnings,
  };
}

export interface AgeDependencies {
  registry: Pick<CertificationRegistry, 'summary'>;
  /** Hours without a word from the owner of the registry, after which runs warn; null: never. */
  maxAgeHours: number | null;
}

/**
 * When the registry was last written, if anybody wants to know: before the walk, so that no store can fail behind it.
 * @throws StoreError
 */
export async function lastChange({ registry, maxAgeHours }: AgeDependencies): Promise<string | null> {
  return maxAgeHours === null ? null : (await registry.summary()).last_changed_at;
}
