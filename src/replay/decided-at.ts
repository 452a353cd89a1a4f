import { timeOf, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { CronJob } from '../job/cron-job.js';

/**
 * What the clock may have shown when events were decided, epoch milliseconds, the likeliest first. One instant where they
 * tell it. They do not where an event before them is later, as after a clock that ran ahead: their own times are then
 * that one's, and the clock showed something between the last instant that has passed for them and that time.
 */
export function decidedAt(
  job: CronJob | undefined,
  events: readonly [JobEvent, ...JobEvent[]],
): { instants: [number, ...number[]]; isExact: boolean } {
  const told = events.map(toldBy).find((instant) => instant !== undefined);
  if (told !== undefined) return { instants: [told], isExact: true };
  const at = fromTimestamp(timeOf(events[0]));
  if (job === undefined || at > job.last_event_at) return { instants: [at], isExact: true };
  const passed = Math.max(...events.map((event) => passedBefore(event, job)));
  const others = Number.isFinite(passed) ? [passed, passed + 1] : [];
  return { instants: [at, ...others], isExact: false };
}

/** Where an event has the clock itself. */
function toldBy(event: JobEvent): number | undefined {
  if (event.type === 'WatermarkReset') return fromTimestamp(event.data.reset_at);
  if (event.type !== 'RunStarted' || event.data.slot === null) return undefined;
  const { slot, late_by_ms } = event.data;
  return late_by_ms === null ? undefined : fromTimestamp(slot) + late_by_ms;
}

/** What the clock has passed at least, for the event to be there. */
function passedBefore(event: JobEvent, { config, open_runs }: CronJob): number {
  if (event.type === 'RunCompleted' && event.data.error?.code === 'timed_out')
    return open_runs.find(({ run_id }) => run_id === event.data.run_id)?.deadline ?? -Infinity;
  if (event.type !== 'RunSkipped') return -Infinity;
  const to = fromTimestamp(event.data.to);
  const graceMs = config.misfire_grace_seconds * 1_000;
  switch (event.data.reason) {
    case 'overlap':
      return to;
    case 'missed_window':
      return to + Math.max(config.catchup_window_seconds * 1_000, graceMs) + 1;
    case 'superseded':
    case 'catch_up_skip':
      return to + graceMs + 1;
    case 'schedule_changed':
    case 'disabled':
    case 'deleted':
      // Settled up to the time of the events, whatever the clock.
      return -Infinity;
  }
}
