import type { ParseOptions } from './cron-expression.js';
import { parseCronExpression } from './parse-expression.js';
import { ScheduleError } from './schedule-error.js';
import { assertTimeZone } from './time-zone.js';

/**
 * What a client could not give a job today, although an earlier version has taken it: its job goes on as it was meant
 * then. Empty for what is allowed.
 */
export function refusedToday(
  { cron_expression, time_zone }: { cron_expression: string; time_zone: string },
  options: ParseOptions,
): ScheduleError[] {
  return [
    ...refusalOf(() => parseCronExpression(cron_expression, options)),
    ...refusalOf(() => {
      assertTimeZone(time_zone);
    }),
  ];
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
