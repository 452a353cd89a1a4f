import { ScheduleError } from '../schedule/schedule-error.js';
import { slotsBetween, type SlotRange } from '../schedule/slots-between.js';
import { scheduleOf, type Schedule } from '../schedule/slots.js';
import type { Period } from './job-record.js';

/**
 * The slots of a period's schedule in (after, to], oldest first, as they are computed today; none when the schedule
 * cannot be computed.
 */
export function* expectedSlots(period: Period, after: number, to: number): Generator<number> {
  let slot: number | undefined = after;
  for (;;) {
    const instant: number = slot;
    slot = ofToday(period, (schedule) => schedule.nextAfter(instant));
    if (slot === undefined || slot > to) return;
    yield slot;
  }
}

/** The first, the last and the number of the same; undefined when there are none. There may be millions. */
export function expectedRange(period: Period, after: number, to: number): SlotRange | undefined {
  return ofToday(period, (schedule) => slotsBetween(schedule, after, to));
}

function ofToday<T>(
  { state, cron_expression, time_zone }: Period,
  ask: (schedule: Schedule) => T | undefined,
): T | undefined {
  if (state !== 'active') return undefined;
  try {
    // Whether seconds are allowed was decided when the job was made.
    return ask(scheduleOf(cron_expression, time_zone, { allowSeconds: true }));
  } catch (error) {
    if (error instanceof ScheduleError || error instanceof RangeError) return undefined;
    throw error;
  }
}
