import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { History } from '../history.js';
import { statesWithin } from './due-by-rules.js';
import { reporting, type Violation } from './violation.js';

/**
 * The promises about the work itself: a successful run was really performed, with this very result, which counts every
 * mentor; and no run is performed without a start.
 */
export function checkEffects(events: readonly RecordedEvent[], history: History): Violation[] {
  const { checks } = history;
  const { violations, report } = reporting('what was performed is what the runs say');
  const started = new Map<unknown, RecordedEvent>();
  const results = new Map<string, Set<string>>();
  for (const { run_id, result } of checks)
    results.set(run_id, (results.get(run_id) ?? new Set()).add(JSON.stringify(result)));

  for (const event of events) {
    const { type, data, recorded_at } = event;
    if (type === 'RunStarted') started.set(data.run_id, event);
    const claimed = type === 'RunResultRejected' || type === 'RunCompleted' ? data.result : null;
    if (claimed === null) continue;
    const run = String(data.run_id);
    if (results.get(run)?.has(JSON.stringify(claimed)) !== true)
      report(
        `no check of ${run} had the result ${JSON.stringify(claimed)}`,
        String(data.cron_id),
        recorded_at,
      );
    const { mentors_checked, errors } = claimed as Record<string, number>;
    const from = Date.parse(started.get(data.run_id)?.recorded_at ?? recorded_at);
    const mentors = statesWithin(history.registry, from, Date.parse(recorded_at)).map(
      ({ records }) => new Set(records.map(({ mentor_id }) => mentor_id)).size,
    );
    if (!mentors.includes(mentors_checked ?? -1) || errors !== 0)
      report(
        `${run} has checked ${mentors_checked} of ${mentors.join(' or ')} mentors`,
        String(data.cron_id),
        recorded_at,
      );
  }
  for (const { run_id, cron_id, began, dry_run } of checks) {
    const start = started.get(run_id);
    if (start === undefined) report(`${run_id} was performed, but never started`, cron_id);
    else if (began < Date.parse(start.recorded_at))
      report(`${run_id} was performed before its start`, cron_id);
    else if (dry_run !== start.data.dry_run) report(`${run_id} was performed as another kind`, cron_id);
  }
  return violations;
}
