import type { RecordedEvent } from '../src/ports/event-log.js';

/**
 * What is wrong with the runs in a log, when each of these jobs owes exactly this one slot and was to run it at once.
 * @param slot as a timestamp
 */
export function faultsOf(
  events: readonly RecordedEvent[],
  streams: readonly string[],
  slot: string,
): string[] {
  const faults: string[] = [];
  const started = new Map<string, number>();
  const completed = new Map<string, number>();
  const count = (counts: Map<string, number>, stream: string): void =>
    void counts.set(stream, (counts.get(stream) ?? 0) + 1);
  for (const { type, stream, data } of events) {
    if (type === 'RunStarted') {
      if (data.slot === slot) count(started, stream);
      else faults.push(`${stream}: started for ${String(data.slot)}`);
    }
    if (type === 'RunSkipped') faults.push(`${stream}: skipped, ${String(data.reason)}`);
    if (type === 'RunCompleted') {
      if (data.status === 'success') count(completed, stream);
      else faults.push(`${stream}: failed, ${JSON.stringify(data.error)}`);
    }
  }
  for (const stream of streams) {
    const [starts, ends] = [started.get(stream) ?? 0, completed.get(stream) ?? 0];
    if (starts !== 1) faults.push(`${stream}: started ${starts} times for ${slot}`);
    if (ends !== 1) faults.push(`${stream}: completed ${ends} times`);
  }
  return faults;
}

/** late_by_ms of every run that was started: how late the decision was. */
export function latenesses(events: readonly RecordedEvent[]): number[] {
  return events.filter(({ type }) => type === 'RunStarted').map(({ data }) => Number(data.late_by_ms));
}
