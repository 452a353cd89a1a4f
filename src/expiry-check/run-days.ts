import { isScheduling, type CronJob } from '../job/cron-job.js';
import { SECONDS_PER_DAY } from '../schedule/civil-time.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { offsetAt, slotAfter } from '../schedule/local-times.js';
import { scheduleOf } from '../schedule/slots.js';
import { localDayOf } from './expiry-day.js';

/**
 * The days of a job's runs by its schedule, in its zone, as days since 1970-01-01. What is owed from before `now` (epoch
 * milliseconds) is not looked at: it runs at once, today.
 * @returns the first day with a run after `now` and not before a given day; undefined when none comes
 */
export function runDays(
  job: CronJob,
  now: number,
  options: ParseOptions,
): (day: number) => number | undefined {
  if (!isScheduling(job)) return () => undefined;
  const { cron_expression, time_zone } = job.config;
  const schedule = scheduleOf(cron_expression, time_zone, options);
  return (day) => {
    const midnight = day * SECONDS_PER_DAY;
    const start = midnight - offsetAt(schedule.zone, midnight - offsetAt(schedule.zone, midnight));
    let slot = slotAfter(schedule, Math.max(now, start * 1000 - 1));
    // Where the clocks change at midnight, the first hour may still be of the day before.
    while (slot !== undefined && localDayOf(slot, time_zone) < day) slot = slotAfter(schedule, slot);
    return slot === undefined ? undefined : localDayOf(slot, time_zone);
  };
}
