import { daysInMonth, dayNumberOf, longestOf, weekdayOf } from './civil-time.js';
import type { CronFields } from './cron-fields.js';

/** The parsed fields, compiled to look-up tables so that a walk over them needs no search. */
export interface CronExpression {
  readonly text: string;
  /** `next[v]` is the smallest allowed value >= v, or -1. */
  readonly nextSecond: Int8Array;
  readonly nextMinute: Int8Array;
  readonly nextHour: Int8Array;
  /** Bit m is set when month m (1 to 12) is allowed. */
  readonly months: number;
  /** The hour field allows all 24 hours, so the expression follows real time (see slots.ts). */
  readonly everyHour: boolean;
  /** Bit d-1 is set when day d of that month matches. */
  daysOf(year: number, month: number): number;
  /** How many seconds of a day the time fields allow before this one, 0 to 86,400. */
  timesBefore(second: number): number;
}

export interface ParseOptions {
  /** Accept a sixth, leading field for seconds. */
  allowSeconds: boolean;
}

const ALL_DAYS = 0x7fff_ffff;

/** @param text as it was written */
export function cronExpressionOf(text: string, fields: CronFields): CronExpression {
  const nextSecond = nextTable(fields.seconds, 60);
  const nextMinute = nextTable(fields.minutes, 60);
  const nextHour = nextTable(fields.hours, 24);
  return {
    text,
    nextSecond,
    nextMinute,
    nextHour,
    timesBefore: timesCounter(nextSecond, nextMinute, nextHour),
    months: [...fields.months].reduce((mask, month) => mask | (1 << month), 0),
    everyHour: fields.hours.size === 24,
    daysOf: dayMatcher(fields),
  };
}

function dayMatcher(fields: CronFields): CronExpression['daysOf'] {
  const { days, lastDay, months, weekdays, lastWeekdays, nth } = fields;
  const domMask = [...days].reduce((mask, day) => mask | (1 << (day - 1)), 0);
  // "*" covers every day of the longest month allowed: nobody says more by naming days that it lacks.
  const possible = daysMask(longestOf(months));
  const domRestricted = lastDay || (domMask & possible) !== possible;
  const dowRestricted = weekdays.size < 7 || nth > 0;

  // Plain weekdays repeat every 7 days: one mask for each weekday that a month can begin with.
  const plainMasks = Array.from({ length: 7 }, (_, first) => {
    let mask = 0;
    for (let day = 0; day < 31; day++) if (weekdays.has((first + day) % 7)) mask |= 1 << day;
    return mask;
  });

  return (year, month) => {
    const length = daysInMonth(year, month);
    const inMonth = daysMask(length);
    const dom = (domMask | (lastDay ? 1 << (length - 1) : 0)) & inMonth;
    if (!dowRestricted) return dom;
    const first = weekdayOf(dayNumberOf(year, month, 1));
    let dow = nth > 0 ? 0 : (plainMasks[first] ?? 0);
    if (nth > 0) {
      for (const weekday of weekdays) {
        const day = ((weekday - first + 7) % 7) + 7 * (nth - 1);
        // A shift counts modulo 32: a fifth weekday that the month lacks must not wrap around to one of its first days.
        if (day < length) dow |= 1 << day;
      }
    }
    for (const weekday of lastWeekdays) {
      const lastOne = length - 1 - ((((first + length - 1 - weekday) % 7) + 7) % 7);
      dow |= 1 << lastOne;
    }
    dow &= inMonth;
    return domRestricted ? dom | dow : dow;
  };
}

function daysMask(days: number): number {
  return days === 31 ? ALL_DAYS : (1 << days) - 1;
}

function nextTable(allowed: ReadonlySet<number>, size: number): Int8Array {
  const table = new Int8Array(size + 1).fill(-1);
  for (let value = size - 1; value >= 0; value--)
    table[value] = allowed.has(value) ? value : (table[value + 1] ?? -1);
  return table;
}

function timesCounter(
  nextSecond: Int8Array,
  nextMinute: Int8Array,
  nextHour: Int8Array,
): CronExpression['timesBefore'] {
  const [seconds, minutes, hours] = [nextSecond, nextMinute, nextHour].map(countsBefore) as [
    Int8Array,
    Int8Array,
    Int8Array,
  ];
  const inMinute = seconds[60] ?? 0;
  const inHour = (minutes[60] ?? 0) * inMinute;
  return (time) => {
    const hour = Math.floor(time / 3600);
    const minute = Math.floor(time / 60) % 60;
    let count = (hours[hour] ?? 0) * inHour;
    if (nextHour[hour] !== hour) return count;
    count += (minutes[minute] ?? 0) * inMinute;
    return nextMinute[minute] === minute ? count + (seconds[time % 60] ?? 0) : count;
  };
}

/** `counts[v]` is how many values below v are allowed. */
function countsBefore(next: Int8Array): Int8Array {
  const counts = new Int8Array(next.length);
  for (let value = 1; value < next.length; value++)
    counts[value] = (counts[value - 1] ?? 0) + (next[value - 1] === value - 1 ? 1 : 0);
  return counts;
}
