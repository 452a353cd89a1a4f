import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import type { World } from './world.js';

/** How much happened, and which rare states were reached: a promise that was never put to the test proves nothing. */
export function countStates(
  { faults, history }: World,
  events: readonly RecordedEvent[],
): { counts: Record<string, number>; digest: string } {
  const counts: Record<string, number> = { events: events.length };
  const count = (name: string, by = 1): void => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const digest = createHash('sha256');
  for (const event of events) {
    digest.update(`${event.stream} ${event.version} ${event.id} ${JSON.stringify(event.data)}\n`);
    const { type, data } = event;
    switch (type) {
      case 'RunStarted':
        count('runs');
        if (data.slot === null) count(data.dry_run === true ? 'dry runs' : 'manual runs');
        else count('slots');
        if (Number(data.late_by_ms) > 60_000) count('slots started late');
        break;
      case 'RunSkipped':
        count('slots', Number(data.count));
        count(`slots skipped: ${String(data.reason)}`, Number(data.count));
        break;
      case 'RunCompleted':
        if ((data.error as { code: string } | null)?.code === 'timed_out') count('runs timed out');
        break;
      case 'RunResultRejected':
        count('late results rejected');
        break;
      case 'ReminderRequested':
        count('reminders');
        break;
      default:
        count(type);
    }
  }
  const checksOf = new Map<string, Set<string>>();
  for (const { run_id, instance } of history.checks)
    checksOf.set(run_id, (checksOf.get(run_id) ?? new Set()).add(instance));
  count('checks performed', history.checks.length);
  count('runs checked by several', [...checksOf.values()].filter(({ size }) => size > 1).length);
  for (const { kind, answer } of history.requests) count(`${kind} ${answer}`);
  for (const [kind, times] of faults) {
    count('faults', times);
    count(`fault: ${kind}`, times);
  }
  return { counts, digest: digest.digest('hex') };
}
