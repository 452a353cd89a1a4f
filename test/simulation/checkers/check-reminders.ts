import type { RunRules } from '../../../src/events/job-events.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { History } from '../history.js';
import { dayOf, dueBy, isOnePeriod, limitOf, statesWithin } from './due-by-rules.js';
import { reporting, type Violation } from './violation.js';

interface Run {
  at: number;
  dry: boolean;
  rules: RunRules;
  today: number;
  sent: number;
  ended: boolean;
}

/**
 * The promises about reminders: within a validity period no threshold twice and none after a nearer one; each belongs to a
 * real run that had been started, and was due by its rules on the registry as it was at some moment of it, so it was not
 * renewed, withdrawn or suspended before; a run has no more than its limit, and one that succeeded counts its own.
 * @param registry what was in it; left out where nobody has noted that, and then what was due is not asked
 */
export function checkReminders(
  events: readonly RecordedEvent[],
  registry?: History['registry'],
): Violation[] {
  const { violations, report } = reporting('reminders are due, sent once, and counted');
  const asked = new Map<unknown, { threshold: number; expires_at: string }[]>();
  const runs = new Map<unknown, Run>();

  function checkReminder(
    { data, recorded_at }: RecordedEvent,
    run: Run,
    fault: (text: string) => void,
  ): void {
    const id = String(data.certification_id);
    const expires_at = String(data.expires_at);
    const threshold = Number(data.threshold_days);
    const earlier = asked.get(id) ?? [];
    asked.set(id, earlier);
    const before = earlier.find(
      (other) => other.threshold <= threshold && isOnePeriod(other.expires_at, expires_at, run.rules),
    );
    if (before) fault(`${id}: ${threshold} days after ${before.threshold} days in one period`);
    earlier.push({ threshold, expires_at });
    const states = registry && statesWithin(registry, run.at, Date.parse(recorded_at));
    const wasDue = states?.some(({ records }) => {
      const due = dueBy(records, run.rules, run.today).get(id);
      return due?.threshold === threshold && due.expires_at === expires_at && due.left === data.days_left;
    });
    if (wasDue === false)
      fault(`${id}: ${threshold} days, ${String(data.days_left)} left, was not due at any moment of its run`);
    if (run.ended) return;
    if (++run.sent === limitOf(run.rules) + 1)
      fault(`${String(data.run_id)} has more than ${limitOf(run.rules)} reminders`);
  }

  for (const event of events) {
    const { type, data, recorded_at } = event;
    const fault = (text: string): void => {
      report(text, data.cron_id as string, recorded_at);
    };
    const run = runs.get(data.run_id);
    if (type === 'RunStarted') {
      const rules = data.rules as RunRules;
      const today = dayOf(String(data.started_at), rules.time_zone);
      const at = Date.parse(recorded_at);
      runs.set(data.run_id, { at, dry: data.dry_run === true, rules, today, sent: 0, ended: false });
    }
    if (type === 'ReminderRequested') {
      if (run === undefined || run.dry) fault(`a reminder of ${String(data.run_id)}, which is no real run`);
      else checkReminder(event, run, fault);
    }
    if (type !== 'RunCompleted' || run === undefined) continue;
    run.ended = true;
    if (run.dry || data.status !== 'success') continue;
    const said = (data.result as { reminders_sent: number }).reminders_sent;
    const hasChanged = registry && statesWithin(registry, run.at, Date.parse(recorded_at)).length > 1;
    if (said > run.sent || (said < run.sent && hasChanged !== true))
      fault(`${String(data.run_id)} says ${said}, ${run.sent} were sent`);
  }
  return violations;
}
