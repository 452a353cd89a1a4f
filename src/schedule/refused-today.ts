import type { ParseOptions } from './cron-expression.js';
import { parseCronExpression } from './parse-expression.js';
import { ScheduleError } from './schedule-error.js';
import { scheduleOf, type Schedule } from './slots.js';
import { assertTimeZone } from './time-zone.js';

/** Lists ask it of each job; schedules are remembered, and shared by jobs. */
const known = new WeakMap<Schedule, readonly ScheduleError[]>();

/**
 * What a client could not give a job today, although an earlier version has taken it: its job goes on as it was meant
 * then. Empty for what is allowed, and for what never was: such a job has a `schedule_error`.
 */
export function refusedToday(
  { cron_expression, time_zone }: { cron_expression: string; time_zone: string },
  options: ParseOptions,
): readonly ScheduleError[] {
  let schedule: Schedule;
  try {
    schedule = scheduleOf(cron_expression, time_zone, options);
  } catch (error) {
    if (error instanceof ScheduleError) return [];
    throw error;
  }
  const refused = known.get(schedule) ?? [
    ...refusalOf(() => parseCronExpression(cron_expression, options)),
    ...refusalOf(() => {
      assertTimeZone(time_zone);
    }),
  ];
  known.set(schedule, refused);
  return refused;
}

function refusalOf(check: () => unknown): ScheduleError[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof ScheduleError) return [error];
    throw error;
  }
}
