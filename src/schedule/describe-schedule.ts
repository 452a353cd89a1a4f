import cronstrue from 'cronstrue';
import { readCronFields, type CronFields } from './cron-fields.js';
import { parseCronExpression } from './parse-expression.js';

/** The fields, last one first, each with the length of its cycle. */
const FIELDS = [
  ['weekdays', 7],
  ['months', 12],
  ['days', 31],
  ['hours', 24],
  ['minutes', 60],
  ['seconds', 60],
] as const satisfies readonly (readonly [keyof CronFields, number])[];
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

/** The describer fails on "l" and "07", takes "0007" for a year, and knows no week that ends with Sunday as 0. */
function plainFields(text: string): string[] {
  const written = text
    .toUpperCase()
    .replaceAll('?', '*')
    .replace(/\b0+(?=\d)/g, '')
    .split(/\s+/);
  const parsed = readCronFields(written.length === 5 ? ['0', ...written] : written);
  const fields = written.map((field, index) => {
    const [name, cycle] = FIELDS[written.length - 1 - index] ?? ['seconds', 60];
    const values = [...parsed[name]].sort((a, b) => a - b);
    return /[L#]/.test(field) ? field : plainField(field, values, cycle);
  });
  const weekdays = fields.at(-1) ?? '*';
  return [...fields.slice(0, -1), weekdays.replace(/(7|SUN)-/g, '0-').replace(/(?<!0)-(0|SUN)/g, '-7')];
}

/**
 * Minute 0, 25 and 50 is not "every 25 minutes": an uneven step is written as the list of its values, and so is a list
 * that names a value twice.
 */
function plainField(field: string, values: readonly number[], cycle: number): string {
  if (values.length === cycle) return '*';
  const isPlain = field.includes('/')
    ? isEven(values, cycle)
    : values.length > 1 && field.split(',').length <= values.length;
  return isPlain || values.length > LONGEST_LIST ? field : values.join(',');
}

function describeFields(fields: string[]): string {
  const time = fields.slice(0, -3).join(' ');
  const [, month = '*'] = fields.slice(-3);
  const { dayOfMonth, dayOfWeek } = daysThatMatter(fields.slice(-3));
  const describe = (dom: string, dow: string): string => words([time, dom, month, dow].join(' '));
  if (dayOfMonth === '*' || dayOfWeek === '*') return describe(dayOfMonth, dayOfWeek);
  // The describer says "and" where a day need match only one of the two.
  const weekdays = describe('*', dayOfWeek).replace('only on', 'on');
  return `${describe(dayOfMonth, '*')}; or ${weekdays.charAt(0).toLowerCase()}${weekdays.slice(1)}`;
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
