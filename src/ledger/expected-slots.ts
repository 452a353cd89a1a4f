import { ScheduleError } from '../schedule/schedule-error.js';
import { scheduleOf } from '../schedule/slots.js';
import type { Period } from './job-record.js';

/**
 * The slots of a period's schedule in (after, to], oldest first, as they are computed today; none when the schedule
 * cannot be computed.
 */
export function* expectedSlots(
  { state, cron_expression, time_zone }: Period,
  after: number,
  to: number,
): Generator<number> {
  if (state !== 'active') return;
  let slot: number | undefined = after;
  for (;;) {
    slot = nextAfter(cron_expression, time_zone, slot);
    if (slot === undefined || slot > to) return;
    yield slot;
  }
}

function nextAfter(expression: string, timeZone: string, instant: number): number | undefined {
  try {
    // Whether seconds are allowed was decided when the job was made.
    return scheduleOf(expression, timeZone, { allowSeconds: true }).nextAfter(instant);
  } catch (error) {
    if (error instanceof ScheduleError || error instanceof RangeError) return undefined;
    throw error;
  }
}
