/**
 * The grammar of docs/scheduling.md a second time, as patterns and as plain sums. The patterns know no ranges of values:
 * they list what is allowed.
 */
export const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
export const between = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface Grammar {
  /** Each way to write a value, and the value. */
  written: ReadonlyMap<string, number>;
  from: number;
  to: number;
  mostStep: number;
  any: readonly string[];
}
function grammar(from: number, to: number, names: readonly string[], mostStep = to - from): Grammar {
  const numbers = between(from, to).map((value) => [String(value), value] as const);
  const named = names.map((name, index) => [name, from + index] as const);
  return { written: new Map([...numbers, ...named]), from, to, mostStep, any: ['*'] };
}
const GRAMMARS: readonly Grammar[] = [
  grammar(0, 59, []),
  grammar(0, 59, []),
  grammar(0, 23, []),
  { ...grammar(1, 31, []), any: ['*', '?'] },
  grammar(1, 12, MONTHS),
  { ...grammar(0, 7, WEEKDAYS, 6), any: ['*', '?'] },
];
export const WEEKDAY = 5;
export const DAY = 3;

export function grammarOf(place: number): Grammar {
  const found = GRAMMARS[place];
  if (found === undefined) throw new RangeError(`there is no field ${place}`);
  return found;
}

/** The values of one item of a list, or undefined when the grammar has no such item. */
function meaningOf(item: string, place: number): number[] | undefined {
  const { written, from, to, mostStep, any } = grammarOf(place);
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0) return undefined;
  if (
    step !== undefined &&
    !between(1, mostStep)
      .map(String)
      .includes(step.replace(/^0+(?=\d)/, ''))
  )
    return undefined;
  const every = (first: number, last: number) =>
    between(first, last).filter((value) => (value - first) % Number(step ?? 1) === 0);
  if (any.includes(range)) return every(from, to);
  const ends = range.split('-').map((end) => written.get(end.replace(/^0+(?=\d)/, '')));
  if (ends.length > 2 || ends.includes(undefined)) return undefined;
  let [first, last] = ends as [number, number | undefined];
  // Sunday as 7 ends a week: nothing comes after it.
  if (last === undefined && place === WEEKDAY && first === 7 && step !== undefined) return undefined;
  if (last === undefined) return every(first, step === undefined ? first : to);
  if (place === WEEKDAY && last === 0 && first !== 0) last = 7;
  if (place === WEEKDAY && first === 7 && last !== 7) first = 0;
  return first <= last ? every(first, last) : undefined;
}

interface Meaning {
  values: number[];
  lastDay: boolean;
  lastWeekdays: number[];
  nth: number;
}
type Meanings = [Meaning, Meaning, Meaning, Meaning, Meaning, Meaning];

/** What a field means, or undefined when the grammar has no such field. */
function meaningOfField(field: string, place: number): Meaning | undefined {
  const items = field.split(',');
  const { written } = grammarOf(place);
  if (place === WEEKDAY && field.includes('#')) {
    const [one = '', nth = ''] = field.split('#', 2);
    const value = written.get(one.replace(/^0+(?=\d)/, ''));
    if (value === undefined || field.split('#').length > 2 || !/^0*[1-5]$/.test(nth)) return undefined;
    return { values: [value], lastDay: false, lastWeekdays: [], nth: Number(nth) };
  }
  const meaning = { values: [] as number[], lastDay: false, lastWeekdays: [] as number[], nth: 0 };
  for (const item of items) {
    const weekday = item.endsWith('L') ? written.get(item.slice(0, -1).replace(/^0+(?=\d)/, '')) : undefined;
    if (place === DAY && item === 'L') meaning.lastDay = true;
    else if (place === WEEKDAY && weekday !== undefined) meaning.lastWeekdays.push(weekday);
    else {
      const values = meaningOf(item, place);
      if (values === undefined) return undefined;
      meaning.values.push(...values);
    }
  }
  return meaning;
}

/** In a leap year. */
export const lengthOf = (month: number): number =>
  [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;

/** The meaning of six fields; undefined when one is not in the grammar, or no month has the day. */
function meaningsOf(fields: readonly string[]): Meanings | undefined {
  const meanings = fields.map(meaningOfField);
  if (meanings.includes(undefined)) return undefined;
  const [, , , days, months, weekdays] = meanings as Meanings;
  const anyWeekday = new Set(weekdays.values.map((day) => day % 7)).size === 7 && !weekdays.nth;
  const longest = Math.max(...months.values.map(lengthOf));
  if (anyWeekday && !days.lastDay && days.values.every((day) => day > longest)) return undefined;
  return meanings as Meanings;
}

export const sorted = (values: Iterable<number>, modulo = Infinity): number[] =>
  [...new Set([...values].map((value) => value % modulo))].sort((a, b) => a - b);

/** As the fields that the service reads, with sorted lists in place of sets; undefined when the grammar refuses them. */
export function fieldsByGrammar(fields: readonly string[]) {
  const meanings = meaningsOf(fields);
  if (meanings === undefined) return undefined;
  const [second, minute, hour, day, month, weekday] = meanings;
  return {
    seconds: sorted(second.values),
    minutes: sorted(minute.values),
    hours: sorted(hour.values),
    days: sorted(day.values),
    lastDay: day.lastDay,
    months: sorted(month.values),
    weekdays: sorted(weekday.values, 7),
    lastWeekdays: sorted(weekday.lastWeekdays, 7),
    nth: weekday.nth,
  };
}
