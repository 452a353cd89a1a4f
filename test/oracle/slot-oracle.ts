/**
 * The rule of the slot engine, applied literally and slowly, by code that shares nothing with it: every real minute of
 * a range gets its local time from Intl, and every local minute is asked how often it comes in reality.
 */

/** Looking a global up is slow in the test runner's context. */
const { floor, min, max } = Math;
const MINUTES_PER_DAY = 1440;
/** Longer than any change of an offset, so that the first pass of a repeated time and the end of a gap are in sight. */
const MARGIN = 3 * MINUTES_PER_DAY;
const PROBE = 15;
const NEVER = -1;

/** The real minutes of a range, each with its local time; all in minutes since 1970-01-01, UTC or local. */
interface Series {
  firstMinute: number;
  localOf: Int32Array;
  firstLocal: number;
  /** For each local minute the real minute that it fires at when the expression does not follow real time. */
  firesAt: Int32Array;
}

const known = new Map<string, Series>();

/** All slots in [from, to), epoch milliseconds. */
export function oracleSlots(text: string, timeZone: string, from: number, to: number): number[] {
  const expression = oracleExpression(text);
  const series = seriesOf(timeZone, floor(from / 60_000), Math.ceil(to / 60_000));
  const matches = localMatcher(expression);
  return (expression.everyHour ? matchingMinutes(series, matches) : firingMinutes(series, matches))
    .map((minute) => minute * 60_000)
    .filter((slot) => slot >= from && slot < to);
}

/** The local time of each real minute of [from, to), in minutes since 1970-01-01T00:00 of local time. */
export function oracleLocalMinutes(timeZone: string, from: number, to: number): Int32Array {
  return localMinutes(timeZone, floor(from / 60_000), Math.ceil(to / 60_000));
}

/** Lets go of what is kept of the zones asked about so far: 8 bytes for each minute. */
export function forgetZones(): void {
  known.clear();
}

function matchingMinutes({ firstMinute, localOf }: Series, matches: (local: number) => boolean): number[] {
  const minutes: number[] = [];
  for (let index = 0; index < localOf.length; index++)
    if (matches(localOf[index] ?? 0)) minutes.push(firstMinute + index);
  return minutes;
}

function firingMinutes({ firstLocal, firesAt }: Series, matches: (local: number) => boolean): number[] {
  const minutes = new Set<number>();
  for (let index = 0; index < firesAt.length; index++)
    if (matches(firstLocal + index)) minutes.add(firesAt[index] ?? NEVER);
  return [...minutes].sort((a, b) => a - b);
}

/** The instants in [from, to) at which the zone's offset changes. */
export function oracleChanges(timeZone: string, from: number, to: number): number[] {
  const { firstMinute, localOf } = seriesOf(timeZone, floor(from / 60_000), Math.ceil(to / 60_000));
  const changes: number[] = [];
  for (let index = 1; index < localOf.length; index++)
    if (localOf[index] !== (localOf[index - 1] ?? 0) + 1) changes.push((firstMinute + index) * 60_000);
  return changes.filter((change) => change >= from && change < to);
}

function localMatcher(expression: OracleExpression): (local: number) => boolean {
  const times = Array.from({ length: MINUTES_PER_DAY }, (_, minute) =>
    expression.matchesTime(floor(minute / 60), minute % 60),
  );
  const days = new Map<number, boolean>();
  return (local) => {
    const day = floor(local / MINUTES_PER_DAY);
    if (!times[local - day * MINUTES_PER_DAY]) return false;
    let matched = days.get(day);
    if (matched === undefined) {
      const date = new Date(day * MINUTES_PER_DAY * 60_000);
      matched = expression.matchesDay(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
      days.set(day, matched);
    }
    return matched;
  };
}

function seriesOf(timeZone: string, from: number, to: number): Series {
  const key = `${timeZone} ${from} ${to}`;
  let series = known.get(key);
  if (series === undefined) {
    const localOf = localMinutes(timeZone, from - MARGIN, to + MARGIN);
    series = { firstMinute: from - MARGIN, localOf, ...firings(from - MARGIN, localOf) };
    known.set(key, series);
  }
  return series;
}

function localMinutes(timeZone: string, from: number, to: number): Int32Array {
  const readLocal = localReader(timeZone);
  const localOf = new Int32Array(to - from);
  for (let start = from; start < to; start += PROBE) {
    const end = min(start + PROBE, to);
    const first = readLocal(start);
    const steady = readLocal(end) - first === end - start;
    for (let minute = start; minute < end; minute++)
      localOf[minute - from] = steady ? first + (minute - start) : readLocal(minute);
  }
  return localOf;
}

function localReader(timeZone: string): (minute: number) => number {
  // The Swedish form of a time is the one that Date reads when it is told that it is UTC.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (minute) => {
    const local = Date.parse(`${format.format(minute * 60_000).replace(' ', 'T')}Z`) / 60_000;
    if (!Number.isInteger(local))
      throw new Error(`the oracle knows no seconds in the offsets of ${timeZone}`);
    return local;
  };
}

/** A local minute fires when it comes first; one that never comes, at the first real minute after the gap it is in. */
function firings(firstMinute: number, localOf: Int32Array): Pick<Series, 'firstLocal' | 'firesAt'> {
  let firstLocal = Infinity;
  let lastLocal = -Infinity;
  for (const local of localOf) {
    firstLocal = min(firstLocal, local);
    lastLocal = max(lastLocal, local);
  }
  const firesAt = new Int32Array(lastLocal - firstLocal + 1).fill(NEVER);
  for (let index = 0; index < localOf.length; index++) {
    const local = (localOf[index] ?? 0) - firstLocal;
    if (firesAt[local] === NEVER) firesAt[local] = firstMinute + index;
  }
  for (let index = 1; index < localOf.length; index++) {
    const after = localOf[index] ?? 0;
    for (let lost = (localOf[index - 1] ?? 0) + 1; lost < after; lost++)
      if (firesAt[lost - firstLocal] === NEVER) firesAt[lost - firstLocal] = firstMinute + index;
  }
  return { firstLocal, firesAt };
}

/** Five fields as plain sets, with *, ?, lists, ranges, steps, names, L, nL and n#k. */
interface OracleExpression {
  everyHour: boolean;
  matchesTime(hour: number, minute: number): boolean;
  matchesDay(year: number, month: number, day: number): boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function oracleExpression(text: string): OracleExpression {
  const fields = text.toLowerCase().split(' ');
  if (fields.length !== 5) throw new Error(`the oracle does not know "${text}"`);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const months = valuesOf(withNumbers(month, MONTHS, 1), 1, 12);
  const daysOfMonth = valuesOf(day, 1, 31);
  const onLastDay = day.split(',').includes('l');
  const weekdayField = withNumbers(weekday, WEEKDAYS, 0);
  const weekdays = new Set([...valuesOf(weekdayField, 0, 7)].map((value) => value % 7));
  const specials = weekdayField.split(',').filter(isSpecial);

  function matchesWeekday(year: number, month: number, day: number): boolean {
    const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
    const matchesSpecial = (item: string): boolean =>
      Number.parseInt(item, 10) % 7 === weekday &&
      (item.endsWith('l')
        ? day + 7 > lastDayOf(year, month)
        : Math.ceil(day / 7) === Number(item.split('#')[1]));
    return weekdays.has(weekday) || specials.some(matchesSpecial);
  }

  return {
    everyHour: hours.size === 24,
    matchesTime: (hour, minute) => hours.has(hour) && minutes.has(minute),
    matchesDay(year, month, day) {
      if (!months.has(month)) return false;
      const byDay = daysOfMonth.has(day) || (onLastDay && day === lastDayOf(year, month));
      const byWeekday = matchesWeekday(year, month, day);
      const bothRestricted = daysOfMonth.size < 31 && weekdays.size < 7;
      return bothRestricted ? byDay || byWeekday : byDay && byWeekday;
    },
  };
}

function lastDayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function withNumbers(field: string, names: readonly string[], first: number): string {
  return names.reduce((result, name, index) => result.replaceAll(name, String(index + first)), field);
}

function isSpecial(item: string): boolean {
  return item.endsWith('l') || item.includes('#');
}

/** The values of the plain items of a field. */
function valuesOf(field: string, first: number, last: number): Set<number> {
  const values = new Set<number>();
  for (const item of field.split(',').filter((part) => !isSpecial(part))) {
    const [range = '', step] = item.split('/');
    const [from, to] = range === '*' || range === '?' ? [first, last] : range.split('-').map(Number);
    if (from === undefined || Number.isNaN(from)) throw new Error(`the oracle does not know "${item}"`);
    const end = to ?? (step === undefined ? from : last);
    for (let value = from; value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
