import type { RunResult, RunRules } from '../events/job-events.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import { assessRegistry, type AssessDependencies } from './assess-registry.js';
import type { DueReminder } from './reminder-due.js';
import { lastChange, resultOf, type AgeDependencies } from './result-of.js';
import { createTally } from './tally.js';

export interface ForecastOptions {
  rules: RunRules;
  /** Records of the registry at the last good run of the job; null before there was one. */
  recordsBefore: number | null;
  /** The day of the run in the zone of the rules, as days since 1970-01-01. */
  day: number;
  /** Called with each reminder, by mentor_id and then certification_id (by bytes); the next one waits for it. */
  onReminder: (reminder: DueReminder) => void | Promise<void>;
  /** Called between two pages: throws to give up. */
  goOn: () => void;
}

export interface ForecastDependencies extends AssessDependencies, AgeDependencies {
  registry: Pick<CertificationRegistry, 'pages' | 'summary'>;
}

/**
 * Whom a run that starts on a day would remind, by what is known now: what runs before that day ask for is not taken off.
 * Stores nothing. The read model of reminders must have caught up with the log.
 * @returns what a dry run would
 * @throws StoreError, and what `goOn` throws
 */
export async function forecast(
  { rules, recordsBefore, day, onReminder, goOn }: ForecastOptions,
  dependencies: ForecastDependencies,
): Promise<RunResult> {
  const { clock, maxAgeHours } = dependencies;
  const tally = createTally();
  const last_changed_at = await lastChange(dependencies);
  const { reminder_thresholds, select, time_zone } = rules;
  const assessment = {
    rules: { reminder_thresholds, select, time_zone, today: day },
    runId: undefined,
    tally,
    onUnreadable: () => undefined,
    goOn,
  };
  for await (const page of assessRegistry(assessment, dependencies)) {
    for (const { reminder } of page) {
      tally.reminders++;
      await onReminder(reminder);
    }
  }
  const facts = { tally, recordsBefore, last_changed_at, now: clock.now(), maxAgeHours };
  return resultOf({ ...facts, rules, wanted: tally.reminders });
}
