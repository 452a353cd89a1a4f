import { CronExpressionParser } from 'cron-parser';
import cronstrue from 'cronstrue';
import { parseCronExpression } from './cron-expression.js';

/** The fields, last one first, each with the length of its cycle. */
const FIELDS = [
  ['dayOfWeek', 7],
  ['month', 12],
  ['dayOfMonth', 31],
  ['hour', 24],
  ['minute', 60],
  ['second', 60],
] as const;
/** A longer list is no easier to read than a step that is not quite true. */
const LONGEST_LIST = 12;
/** Among 28 years are those that begin on each weekday, with and without a leap day. */
const YEARS = Array.from({ length: 28 }, (_, index) => 2000 + index);

/**
 * An expression in English, with a 24-hour clock: "At 02:00, only on Friday". Null when it cannot be described: the
 * text is an extra, and a valid schedule must not fail for lack of it.
 * @param text an expression that `parseCronExpression` takes, with or without seconds
 */
export function describeSchedule(text: string): string | null {
  const written = text.trim();
  try {
    return written.startsWith('@') ? words(written.toLowerCase()) : describeFields(plainFields(written));
  } catch {
    return null;
  }
}

function words(expression: string): string {
  return cronstrue.toString(expression, { use24HourTimeFormat: true });
}

/** The describer fails on "l" and "07", and takes "0007" for a year. */
function plainFields(text: string): string[] {
  return text
    .toUpperCase()
    .replaceAll('?', '*')
    .replace(/\b0+(?=\d)/g, '')
    .split(/\s+/);
}

function describeFields(fields: string[]): string {
  const listed = withoutUnevenSteps(fields);
  const time = listed.slice(0, -3).join(' ');
  const [, month = '*'] = listed.slice(-3);
  const { dayOfMonth, dayOfWeek } = daysThatMatter(listed.slice(-3));
  const describe = (dom: string, dow: string): string => words([time, dom, month, dow].join(' '));
  if (dayOfMonth === '*' || dayOfWeek === '*') return describe(dayOfMonth, dayOfWeek);
  // The describer says "and" where a day need match only one of the two.
  const weekdays = describe('*', dayOfWeek).replace('only on', 'on');
  return `${describe(dayOfMonth, '*')}; or ${weekdays.charAt(0).toLowerCase()}${weekdays.slice(1)}`;
}

/** Minute 0, 25 and 50 is not "every 25 minutes": an uneven step is written as the list of its values. */
function withoutUnevenSteps(fields: string[]): string[] {
  const { fields: parsed } = CronExpressionParser.parse(fields.join(' '));
  return fields.map((field, index) => {
    const [name, cycle] = FIELDS[fields.length - 1 - index] ?? ['second', 60];
    // Sunday comes as 0 and as 7.
    const values = [...parsed[name].values].filter((value) => name !== 'dayOfWeek' || value !== 7);
    const numbers = values.filter((value) => typeof value === 'number');
    const keep =
      !field.includes('/') ||
      numbers.length < values.length ||
      numbers.length > LONGEST_LIST ||
      isEven(numbers, cycle);
    return keep ? field : numbers.join(',');
  });
}

function isEven(values: readonly number[], cycle: number): boolean {
  const [first = 0, second = first] = values;
  const next = [...values.slice(1), first + cycle];
  return values.length > 1 && values.every((value, index) => (next[index] ?? 0) - value === second - first);
}

/** The day fields, with `*` for the one that changes nothing: "day 1 to 31, and on Friday" is every Friday. */
function daysThatMatter([dom = '*', month = '*', dow = '*']: string[]) {
  const days = daysOf(dom, month, dow);
  const dayOfMonth = daysOf('*', month, dow) === days ? '*' : dom;
  const dayOfWeek = daysOf(dayOfMonth, month, '*') === days ? '*' : dow;
  return { dayOfMonth, dayOfWeek };
}

/** Texts are equal when the days are. */
function daysOf(dayOfMonth: string, month: string, dayOfWeek: string): string {
  const cron = parseCronExpression(['0 0', dayOfMonth, month, dayOfWeek].join(' '), { allowSeconds: false });
  const months = Array.from({ length: 12 }, (_, index) => index + 1).filter((m) => (cron.months >> m) & 1);
  return YEARS.flatMap((year) => months.map((m) => cron.daysOf(year, m))).join(' ');
}
