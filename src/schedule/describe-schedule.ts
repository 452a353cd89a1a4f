import cronstrue from 'cronstrue';
import { longestOf } from './civil-time.js';
import { readCronFields, type CronFields } from './cron-fields.js';

/** A longer list is no easier to read than what was written. */
const LONGEST_LIST = 12;
const SUNDAY = 7;

/**
 * An expression in English, with a 24-hour clock: "At 02:00, only on Friday". Null when it cannot be described: the
 * text is an extra, and a valid schedule must not fail for lack of it. Expressions that mean the same have the same text,
 * save where a list of values would be too long.
 * @param text an expression that `parseCronExpression` takes, with or without seconds
 */
export function describeSchedule(text: string): string | null {
  const written = text.trim();
  try {
    if (written.startsWith('@')) return words(written.toLowerCase());
    const fields = written.toUpperCase().split(/\s+/);
    return describeFields(fields, readCronFields(fields.length === 5 ? ['0', ...fields] : fields));
  } catch {
    return null;
  }
}

function words(expression: string): string {
  return cronstrue.toString(expression, { use24HourTimeFormat: true });
}

/** Each way in which a day may match is described by itself: the describer says "and" where one of them is enough. */
function describeFields(written: readonly string[], fields: CronFields): string {
  const [day = '*', month = '*', weekday = '*'] = written.slice(-3);
  const [hour = '*', minute = '*', second] = written.slice(0, -3).reverse();
  const time = [
    ...(second === undefined ? [] : [plain(second, fields.seconds, { from: 0, cycle: 60 })]),
    plain(minute, fields.minutes, { from: 0, cycle: 60 }),
    plain(hour, fields.hours, { from: 0, cycle: 24 }),
  ].join(' ');
  const months = plain(month, fields.months, { from: 1, cycle: 12 });
  const describe = ({ dom = '*', dow = '*' }: Days): string => words([time, dom, months, dow].join(' '));
  const [first = {}, ...others] = waysToMatch(day, weekday, fields);
  if (others.length === 0) return describe(first);
  const texts = [first, ...others].map((days) => describe(days).replace('only on', 'on'));
  return texts
    .map((each, index) => (index === 0 ? each : each.charAt(0).toLowerCase() + each.slice(1)))
    .join('; or ');
}

interface Days {
  dom?: string;
  dow?: string;
}

/** The alternatives, of which one is enough; a single one without restrictions when every day matches. */
function waysToMatch(day: string, weekday: string, fields: CronFields): Days[] {
  const { days, lastDay, months, weekdays, lastWeekdays, nth } = fields;
  const longest = longestOf(months);
  const hasEveryDay = [...days].filter((each) => each <= longest).length === longest;
  const hasEveryWeekday = weekdays.size === SUNDAY && nth === 0;
  if (hasEveryWeekday || (hasEveryDay && lastDay)) {
    if (hasEveryDay) return [{}];
    return waysOfMonth(day, days, lastDay);
  }
  const ofWeek = waysOfWeek(weekday, weekdays, lastWeekdays, nth);
  return hasEveryDay ? ofWeek : [...waysOfMonth(day, days, lastDay), ...ofWeek];
}

function waysOfMonth(written: string, days: ReadonlySet<number>, lastDay: boolean): Days[] {
  const plainDays = days.size === 0 ? [] : [{ dom: plain(written, days, { from: 1, cycle: 31 }) }];
  return lastDay ? [...plainDays, { dom: 'L' }] : plainDays;
}

function waysOfWeek(
  written: string,
  weekdays: ReadonlySet<number>,
  lastWeekdays: ReadonlySet<number>,
  nth: number,
): Days[] {
  if (nth > 0) return [...weekdays].map((weekday) => ({ dow: `${weekday}#${nth}` }));
  const last = [...lastWeekdays].sort((a, b) => a - b).map((weekday) => ({ dow: `${weekday}L` }));
  // A weekend is written as the end of its week: 6 and 7.
  const values = weekdays.has(6) ? [...weekdays].map((weekday) => weekday || SUNDAY) : [...weekdays];
  const from = weekdays.has(6) && weekdays.has(0) ? 1 : 0;
  return values.length === 0 ? last : [{ dow: plain(written, new Set(values), { from, cycle: 7 }) }, ...last];
}

/**
 * The values of a field as the describer is to read them: minute 0, 25 and 50 is not "every 25 minutes", so only a step
 * that comes out even is one; other values are ranges and a list.
 * @param written what the client wrote, for a field of too many values
 */
function plain(
  written: string,
  values: ReadonlySet<number>,
  { from, cycle }: { from: number; cycle: number },
): string {
  if (values.size === cycle) return '*';
  const sorted = [...values].sort((a, b) => a - b);
  const step = evenStep(sorted, cycle);
  if (step !== undefined) return sorted[0] === from ? `*/${step}` : `${sorted[0]}/${step}`;
  const items = rangesOf(sorted).map(([first, last]) =>
    last - first > 1 ? `${first}-${last}` : listOf(first, last),
  );
  const count = items.join(',').split(',').length;
  return count <= LONGEST_LIST ? items.join(',') : written;
}

function listOf(first: number, last: number): string {
  return first === last ? String(first) : `${first},${last}`;
}

/** The distance of all values, also from the last to the first one of the next cycle; undefined when there are several. */
function evenStep(sorted: readonly number[], cycle: number): number | undefined {
  const [first = 0, second = first] = sorted;
  const step = second - first;
  const next = [...sorted.slice(1), first + cycle];
  const isEven =
    sorted.length > 1 && step > 1 && sorted.every((value, index) => (next[index] ?? 0) - value === step);
  return isEven && first < step + 1 ? step : undefined;
}

/** Neighbouring values together, each as the first and last one. */
function rangesOf(sorted: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const value of sorted) {
    const range = ranges.at(-1);
    if (range !== undefined && value === range[1] + 1) range[1] = value;
    else ranges.push([value, value]);
  }
  return ranges;
}
