import { cronIdOf, JOB_STREAM_PREFIX } from '../../../src/events/stream-names.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

/** Clocks that agree may differ by 5 minutes; and an append takes a while. */
const EARLY_MS = 5 * 60_000 + 10_000;
/** A process is down, another one takes over. */
const LATE_MS = 40 * 60_000;
const LATE_REASONS = ['superseded', 'missed_window', 'catch_up_skip'];

/**
 * In a world where at most one clock is wrong, and its instance is never alone: by the true time, which is that of the
 * store, no slot is decided before it comes, and none is left for long.
 */
export function checkTrueTimes(events: readonly RecordedEvent[]): Violation[] {
  const { violations, report } = reporting('a wrong clock decides nothing');
  const allows = new Map<string, boolean>();
  for (const { stream, type, data, recorded_at } of events) {
    if (!stream.startsWith(JOB_STREAM_PREFIX)) continue;
    const config = (type === 'CronJobUpdated' ? data.changes : data) as { concurrency_policy?: string };
    if (config.concurrency_policy !== undefined) allows.set(stream, config.concurrency_policy === 'allow');
    const isStart = type === 'RunStarted' && data.slot !== null;
    if (!isStart && type !== 'RunSkipped') continue;
    const [first, last] = isStart ? [data.slot, data.slot] : [data.from, data.to];
    const decided = Date.parse(recorded_at);
    const early = Date.parse(last as string) - decided;
    if (early > EARLY_MS)
      report(
        `${type} of ${String(last)} was decided ${early} ms before its time`,
        cronIdOf(stream),
        recorded_at,
      );
    // Where runs must not overlap, a slot may wait for one.
    const mustBePrompt =
      allows.get(stream) === true && (isStart || LATE_REASONS.includes(String(data.reason)));
    const late = decided - Date.parse(first as string);
    if (mustBePrompt && late > LATE_MS)
      report(
        `${type} of ${String(first)} was decided ${late} ms late: the job was silent`,
        cronIdOf(stream),
        recorded_at,
      );
  }
  return violations;
}
