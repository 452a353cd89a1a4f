import type { RunResult, RunRules } from '../events/job-events.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import { reminderLimit } from './reminder-limit.js';
import { runWarnings } from './run-warnings.js';
import type { Tally } from './tally.js';

export interface Counted {
  tally: Tally;
  rules: RunRules;
  /** Records of the registry at the last good run of the job; null before there was one. */
  recordsBefore: number | null;
  /** Whether it only looked: then it says that a real run would be stopped. */
  isDry: boolean;
}

export interface ResultDependencies {
  registry: Pick<CertificationRegistry, 'summary'>;
  clock: Clock;
  /** Hours without a word from the owner of the registry, after which runs warn; null: never. */
  maxAgeHours: number | null;
}

/** The result of a walk over the registry, with what an operator should look at. @throws StoreError */
export async function resultOf(
  { tally, rules, recordsBefore, isDry }: Counted,
  { registry, clock, maxAgeHours }: ResultDependencies,
): Promise<RunResult> {
  const { mentors, records, unreadable, reminders, reasons } = tally;
  const { last_changed_at } = await registry.summary();
  const warnings = runWarnings({ tally, recordsBefore, last_changed_at, now: clock.now(), maxAgeHours });
  const limit = reminderLimit(rules, records);
  if (isDry && reminders > limit) warnings.push({ code: 'too_many_reminders', reminders, limit });
  return {
    mentors_checked: mentors,
    reminders_sent: reminders,
    errors: unreadable,
    records_checked: records,
    reasons,
    warnings,
  };
}
