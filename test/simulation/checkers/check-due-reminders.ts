import type { RunError, RunRules } from '../../../src/events/job-events.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { History } from '../history.js';
import { dayOf, dueBy, isOnePeriod, limitOf, statesWithin } from './due-by-rules.js';
import { reporting, type Violation } from './violation.js';

/**
 * The promises: when a real run has succeeded, each certification that was due by its rules all the time has a reminder at
 * that threshold or a nearer one; and one that was refused had more to ask for than its limit.
 */
export function checkDueReminders(events: readonly RecordedEvent[], history: History): Violation[] {
  const { violations, report } = reporting('whoever is due is reminded');
  const asked = new Map<string, { threshold: number; expires_at: string }[]>();
  const runs = new Map<unknown, { at: number; dry: boolean; rules: RunRules; today: number }>();

  for (const { type, data, recorded_at } of events) {
    const fault = (text: string): void => {
      report(`${String(data.run_id)} ${text}`, String(data.cron_id), recorded_at);
    };
    if (type === 'RunStarted') {
      const rules = data.rules as RunRules;
      const today = dayOf(String(data.started_at), rules.time_zone);
      runs.set(data.run_id, { at: Date.parse(recorded_at), dry: data.dry_run === true, rules, today });
    }
    if (type === 'ReminderRequested') {
      const id = String(data.certification_id);
      const one = { threshold: Number(data.threshold_days), expires_at: String(data.expires_at) };
      asked.set(id, [...(asked.get(id) ?? []), one]);
    }
    const run = runs.get(data.run_id);
    if (type !== 'RunCompleted' || run === undefined || run.dry) continue;
    const [first, ...others] = statesWithin(history.registry, run.at, Date.parse(recorded_at)).map(
      ({ records }) => dueBy(records, run.rules, run.today),
    );
    const error = data.error as RunError | null;
    if (error?.code === 'too_many_reminders') {
      const most = Math.max(first?.size ?? 0, ...others.map(({ size }) => size));
      if (error.limit !== limitOf(run.rules) || Number(error.reminders) <= error.limit)
        fault(`was refused with ${String(error.reminders)} reminders, its limit is ${limitOf(run.rules)}`);
      if (Number(error.reminders) > most)
        fault(`was refused with ${String(error.reminders)} reminders, ${most} were due`);
    }
    if (data.status !== 'success') continue;
    for (const [id, { threshold, left, expires_at }] of first ?? []) {
      const isDueStill = others.every((due) => {
        const now = due.get(id);
        return now?.threshold === threshold && now.expires_at === expires_at;
      });
      const isAsked = (asked.get(id) ?? []).some(
        (one) => one.threshold <= threshold && isOnePeriod(one.expires_at, expires_at, run.rules),
      );
      if (isDueStill && !isAsked) fault(`has not reminded of ${id}, ${left} days before`);
    }
  }
  return violations;
}
