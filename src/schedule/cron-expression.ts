import { CronExpressionParser } from 'cron-parser';
import { daysInMonth, dayNumberOf, weekdayOf } from './civil-time.js';
import { ScheduleError } from './schedule-error.js';

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

const ALIASES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MAX_LENGTH = 256;
const ALL_DAYS = 0x7fff_ffff;
const LEAP_YEAR = 2000;

/**
 * Parses 5 fields (minute hour day-of-month month day-of-week; POSIX crontab, plus names, steps, `L`, `nL` and `#`)
 * or an alias. A day matches day-of-month OR day-of-week when both are restricted, as POSIX says.
 * The field parser alone is too lenient: it pads short text with `*` and draws a bare `H` at random.
 * @throws ScheduleError invalid_cron_expression, with what is allowed
 */
export function parseCronExpression(text: string, options: ParseOptions): CronExpression {
  const allowed = allowedText(options);
  const refuse = (reason: string): never => {
    throw new ScheduleError('invalid_cron_expression', 'cron_expression', `${reason}; allowed: ${allowed}`);
  };
  if (text.length > MAX_LENGTH) refuse(`longer than ${MAX_LENGTH} characters`);
  const trimmed = text.trim();
  if (trimmed === '') refuse('empty');
  const fields = (
    trimmed.startsWith('@') ? (ALIASES[trimmed.toLowerCase()] ?? refuse('unknown alias')) : trimmed
  ).split(/\s+/);
  if (fields.length !== 5 && !(options.allowSeconds && fields.length === 6)) {
    refuse(`${fields.length} ${fields.length === 1 ? 'field' : 'fields'} given`);
  }
  // Of the month and weekday names only THU contains an H (MARCH is no name): any other H is the hash letter.
  if (fields.some((field) => /H/i.test(field.replace(/thu/gi, ''))))
    refuse('H (hashed values) is not supported');
  if (fields.some((field, index) => field.includes('?') && ![3, 1].includes(fields.length - index)))
    refuse('? stands for any day only: in day-of-month or day-of-week');
  if (/(^|,)L/i.test(fields.at(-1) ?? ''))
    refuse('a bare L as day-of-week is ambiguous: write 5L for the last Friday');
  try {
    return compile(trimmed, CronExpressionParser.parse(fields.join(' ').toUpperCase()).fields);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function allowedText({ allowSeconds }: ParseOptions): string {
  const fields = allowSeconds ? '5 fields (6 with leading seconds)' : '5 fields';
  return `${fields} "minute hour day-of-month month day-of-week", or one of ${Object.keys(ALIASES).join(' ')}`;
}

type ParsedFields = ReturnType<typeof CronExpressionParser.parse>['fields'];

function compile(text: string, fields: ParsedFields): CronExpression {
  const hours = numbers(fields.hour.values);
  const nextSecond = nextTable(numbers(fields.second.values), 60);
  const nextMinute = nextTable(numbers(fields.minute.values), 60);
  const nextHour = nextTable(hours, 24);
  return {
    text,
    nextSecond,
    nextMinute,
    nextHour,
    timesBefore: timesCounter(nextSecond, nextMinute, nextHour),
    months: numbers(fields.month.values).reduce((mask, month) => mask | (1 << month), 0),
    everyHour: new Set(hours).size === 24,
    daysOf: dayMatcher(fields),
  };
}

function dayMatcher(fields: ParsedFields): CronExpression['daysOf'] {
  const domMask = numbers(fields.dayOfMonth.values).reduce((mask, day) => mask | (1 << (day - 1)), 0);
  const lastDay = fields.dayOfMonth.values.some((value) => value === 'L');
  const weekdays = new Set(numbers(fields.dayOfWeek.values).map((day) => day % 7));
  const lastWeekdays = texts(fields.dayOfWeek.values).map((value) => Number.parseInt(value, 10) % 7);
  const nth = fields.dayOfWeek.nthDay;
  // "*" covers every day of the longest month allowed: with a single month the parser drops the days that it lacks.
  const possible = daysMask(
    Math.max(...numbers(fields.month.values).map((month) => daysInMonth(LEAP_YEAR, month))),
  );
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

function nextTable(values: number[], size: number): Int8Array {
  const allowed = new Set(values);
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

function numbers(values: readonly (number | string)[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

function texts(values: readonly (number | string)[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
