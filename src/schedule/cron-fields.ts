import { longestOf } from './civil-time.js';
import { ScheduleError } from './schedule-error.js';

/** What the fields of an expression allow, as the calendar counts: days and months from 1, weekdays from Sunday as 0. */
export interface CronFields {
  seconds: ReadonlySet<number>;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  /** The last day of the month as well. */
  lastDay: boolean;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** These as well, but only the last one of the month. */
  lastWeekdays: ReadonlySet<number>;
  /** Of `weekdays` only the nth one of the month, 1 to 5; 0 stands for each. */
  nth: number;
}

/** What a field is about. */
interface Kind {
  name: string;
  from: number;
  to: number;
  /** How many different values there are: Sunday is 0 and 7. */
  size: number;
  /** Of its values, beginning with `from`. */
  names: readonly string[];
  allowed: string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const SUNDAY = 7;

const SECOND = numbers('second', 0, 59);
const MINUTE = numbers('minute', 0, 59);
const HOUR = numbers('hour', 0, 23);
const DAY = { ...numbers('day-of-month', 1, 31), allowed: `${usual('1 to 31', 31)}, ?, L for the last day` };
const MONTH = { ...numbers('month', 1, 12), names: MONTHS, allowed: usual('1 to 12, JAN to DEC', 12) };
const WEEKDAY = {
  ...numbers('day-of-week', 0, SUNDAY),
  size: 7,
  names: WEEKDAYS,
  allowed: `${usual('0 to 7, SUN to SAT', 7)}, ?, 5L for the last Friday, 5#2 for the second one`,
};

const ITEM = /^(?:([*?])|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:\/([0-9]+))?$/;
const LAST_WEEKDAY = /^([0-9]+|[A-Z]{3})L$/;
const NTH_WEEKDAY = /^([0-9]+|[A-Z]{3})#0*([1-5])$/;
/** Enough of what was given to find it. */
const MOST_QUOTED = 40;

/**
 * Reads the fields of an expression by the grammar of docs/scheduling.md. What is not in the grammar is refused, and
 * never read as something else.
 * @param texts six fields, of which the first is that of the seconds; ASCII in upper case
 * @throws ScheduleError invalid_cron_expression, which says in which field, what was given and what is allowed
 */
export function readCronFields(texts: readonly string[]): CronFields {
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = texts;
  const fields = {
    seconds: union(SECOND, second),
    minutes: union(MINUTE, minute),
    hours: union(HOUR, hour),
    ...readDays(day),
    months: union(MONTH, month),
    ...readWeekdays(weekday),
  };
  if (hasNoDay(fields)) refuse(DAY, day, `no month of ${quoted(month)} has this day`);
  return fields;
}

function hasNoDay({ days, lastDay, months, weekdays, nth }: CronFields): boolean {
  const anyWeekday = weekdays.size === WEEKDAY.size && nth === 0;
  return anyWeekday && !lastDay && Math.min(...days) > longestOf(months);
}

function readDays(field: string): Pick<CronFields, 'days' | 'lastDay'> {
  const items = field.split(',');
  const days = items.filter((item) => item !== 'L');
  return { days: union(DAY, field, days), lastDay: days.length < items.length };
}

function readWeekdays(field: string): Pick<CronFields, 'weekdays' | 'lastWeekdays' | 'nth'> {
  const [, nthOne, nth] = NTH_WEEKDAY.exec(field) ?? [];
  const items = nthOne === undefined ? field.split(',') : [nthOne];
  if (items.includes('L')) refuse(WEEKDAY, field, 'a bare L is ambiguous: write 5L for the last Friday');
  const last = items.flatMap((item) => LAST_WEEKDAY.exec(item)?.[1] ?? []);
  const plain = items.filter((item) => !LAST_WEEKDAY.test(item));
  return {
    weekdays: sundayAs0(union(WEEKDAY, field, plain)),
    lastWeekdays: sundayAs0(union(WEEKDAY, field, last)),
    nth: Number(nth ?? 0),
  };
}

/** The values of all items: those of a list may overlap. */
function union(kind: Kind, field: string, items: readonly string[] = field.split(',')): Set<number> {
  const values = new Set<number>();
  for (const item of items) {
    const { from, to, step } = readItem(kind, field, item);
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function readItem(kind: Kind, field: string, item: string): { from: number; to: number; step: number } {
  // No name begins with an H.
  if (item.startsWith('H')) refuse(kind, field, 'H (hashed values) is not supported');
  const [, any, first = '', last, every] = ITEM.exec(item) ?? refuse(kind, field, whatIsWrong(kind, item));
  const step = readStep(kind, field, every);
  if (any === '?' && kind !== DAY && kind !== WEEKDAY)
    refuse(kind, field, '? stands for any day: in day-of-month or day-of-week');
  if (any !== undefined) return { from: kind.from, to: kind.to, step };
  const from = readValue(kind, field, first);
  if (last === undefined)
    return { from, to: every === undefined ? from : stepsFrom(kind, field, from), step };
  return { ...readRange(kind, field, [from, readValue(kind, field, last)]), step };
}

function whatIsWrong(kind: Kind, item: string): string {
  if (item === '') return 'an item of the list is empty';
  if (kind === WEEKDAY && item.includes('#')) return '# takes one weekday and 1 to 5, and stands alone';
  return item.includes('/') ? 'a step is a whole number' : `${quoted(item)} cannot be read`;
}

/** A step that leaves one value only is a slip: "every 90 minutes" cannot be said by a field. */
function readStep(kind: Kind, field: string, every: string | undefined): number {
  if (every === undefined) return 1;
  const step = Number(every);
  if (step === 0) refuse(kind, field, 'the step is 0');
  if (step >= kind.size) refuse(kind, field, `the step ${shortened(every)} is larger than the field`);
  return step;
}

/** @returns the last value that a step from this one may reach */
function stepsFrom(kind: Kind, field: string, from: number): number {
  if (kind === WEEKDAY && from === SUNDAY) refuse(kind, field, 'a step begins with Sunday as 0');
  return kind.to;
}

/** Sunday ends a week as 7 and begins one as 0, however it was written. */
function readRange(kind: Kind, field: string, [first, last]: [number, number]): { from: number; to: number } {
  const to = kind === WEEKDAY && last === 0 && first > 0 ? SUNDAY : last;
  const from = kind === WEEKDAY && first === SUNDAY && to < SUNDAY ? 0 : first;
  if (from > to) refuse(kind, field, 'the range runs backwards');
  return { from, to };
}

function readValue(kind: Kind, field: string, text: string): number {
  const name = kind.names.indexOf(text);
  if (name !== -1) return kind.from + name;
  if (!/^[0-9]+$/.test(text)) refuse(kind, field, `${quoted(text)} is no ${kind.name}`);
  const value = Number(text);
  if (value < kind.from || value > kind.to) refuse(kind, field, `${shortened(text)} is out of range`);
  return value;
}

function sundayAs0(weekdays: ReadonlySet<number>): Set<number> {
  return new Set([...weekdays].map((weekday) => weekday % SUNDAY));
}

function refuse(kind: Kind, field: string, reason: string): never {
  throw new ScheduleError(
    'invalid_cron_expression',
    'cron_expression',
    `${kind.name} is ${quoted(field)}: ${reason}; allowed: ${kind.allowed}`,
  );
}

function quoted(text: string): string {
  return `"${shortened(text)}"`;
}

function shortened(text: string): string {
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}...` : text;
}

function numbers(name: string, from: number, to: number): Kind {
  const size = to - from + 1;
  return { name, from, to, size, names: [], allowed: usual(`${from} to ${to}`, size) };
}

function usual(values: string, size: number): string {
  return `*, ${values}, ranges such as 1-5, steps such as */2 (1 to ${size - 1}), lists of these`;
}
