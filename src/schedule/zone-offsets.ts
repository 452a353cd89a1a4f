import { dayNumberOf, SECONDS_PER_DAY } from './civil-time.js';
import { ScheduleError } from './schedule-error.js';

/**
 * The UTC offsets of one IANA zone as a table of segments, all in seconds since 1970-01-01T00:00:00Z.
 * The table is computed from Intl once and grows by whole years on demand; a year's edge may appear as a boundary
 * between two equal offsets, which is harmless to every reader.
 */
export interface ZoneOffsets {
  readonly name: string;
  /** Index of the segment that contains `utc`; grows the table when needed. */
  indexAt(utc: number): number;
  /** First second of the segment. */
  startOf(index: number): number;
  /** First second after the segment, or the edge of the table: `indexAt` of it grows the table, and may be `index`. */
  endOf(index: number): number;
  /** Offset east of UTC in seconds; `-1` is the segment before the first one asked for. */
  offsetOf(index: number): number;
}

const FIRST_YEAR = 1970;
const LAST_YEAR = 2400;
/** The supported instants, epoch seconds: from the first one inclusive up to the end exclusive. */
export const FIRST_INSTANT = startOfYear(FIRST_YEAR);
export const END_OF_INSTANTS = startOfYear(LAST_YEAR + 1);

const known = new Map<string, ZoneOffsets>();

/** @throws ScheduleError invalid_time_zone when the name is not an IANA zone of this runtime */
export function zoneOffsets(name: string): ZoneOffsets {
  // The runtime takes any case: each spelling with a table of its own would let clients fill the memory.
  const key = name.toLowerCase();
  let zone = known.get(key);
  if (zone === undefined) {
    zone = createZoneOffsets(name, offsetReader(name));
    known.set(key, zone);
  }
  return zone;
}

/** The first use of any zone loads the runtime's time zone data, which takes 50 to 100 ms: no request should pay for it. */
export function loadZoneData(): void {
  zoneOffsets('UTC').indexAt(FIRST_INSTANT);
}

function createZoneOffsets(name: string, offsetAt: (utc: number) => number): ZoneOffsets {
  const starts: number[] = [];
  const offsets: number[] = [];
  let fromYear = FIRST_YEAR;
  let toYear = FIRST_YEAR;
  let coveredFrom = Infinity;
  let coveredTo = -Infinity;
  let hint = 0;

  function cover(utc: number): void {
    const year = yearOf(utc);
    if (year < FIRST_YEAR || year > LAST_YEAR)
      throw new RangeError(`no slots outside ${FIRST_YEAR} to ${LAST_YEAR}`);
    if (starts.length === 0) {
      // The year before, too: the segment before the requested one decides about repeated times.
      fromYear = toYear = Math.max(FIRST_YEAR, year - 1);
    }
    while (year >= toYear) grow(toYear++, true);
    while (year < fromYear) grow(--fromYear, false);
    coveredFrom = startOfYear(fromYear);
    coveredTo = startOfYear(toYear);
  }

  function grow(year: number, atEnd: boolean): void {
    const found = segmentsOf(startOfYear(year), startOfYear(year + 1), offsetAt);
    if (atEnd) {
      for (const { start, offset } of found) {
        if (offset === offsets.at(-1)) continue;
        starts.push(start);
        offsets.push(offset);
      }
    } else {
      starts.unshift(...found.map(({ start }) => start));
      offsets.unshift(...found.map(({ offset }) => offset));
    }
    hint = 0;
  }

  return {
    name,
    indexAt(utc) {
      if (utc < coveredFrom || utc >= coveredTo) cover(utc);
      if (utc >= (starts[hint] ?? Infinity) && utc < (starts[hint + 1] ?? Infinity)) return hint;
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? Infinity) <= utc) low = middle;
        else high = middle - 1;
      }
      hint = low;
      return low;
    },
    startOf: (index) => starts[index] ?? -Infinity,
    endOf: (index) => starts[index + 1] ?? coveredTo,
    offsetOf: (index) => offsets[Math.max(index, 0)] ?? 0,
  };
}

interface Segment {
  start: number;
  offset: number;
}

/**
 * Of two changes that undo each other, the closest in any zone are 7 days apart (Brazil in 2000, Gaza in 2040): probes
 * that are closer see both. Each costs a call of Intl, and an instant far away asks for all the years up to there.
 */
const PROBE_EVERY = 6 * SECONDS_PER_DAY;

/** Probes, then halves to the second: no zone changes twice between two probes. */
function segmentsOf(from: number, to: number, offsetAt: (utc: number) => number): Segment[] {
  let before = offsetAt(from);
  const found: Segment[] = [{ start: from, offset: before }];
  for (let probe = from; probe < to - 1; probe += PROBE_EVERY) {
    const next = Math.min(probe + PROBE_EVERY, to - 1);
    const after = offsetAt(next);
    if (after === before) continue;
    let low = probe;
    let high = next;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ start: high, offset: after });
    before = after;
  }
  return found;
}

function offsetReader(name: string): (utc: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    // Newer runtimes also take offsets such as +02:00 for a zone; those know no daylight saving and are refused.
    if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) throw new RangeError('not a zone name');
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new ScheduleError(
      'invalid_time_zone',
      'time_zone',
      'unknown time zone; allowed: an IANA name such as Asia/Kolkata, Europe/Berlin or UTC',
    );
  }
  const pattern = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;
  return (utc) => {
    const parts = pattern.exec(format.format(utc * 1000));
    if (parts === null) throw new Error(`unreadable local time in ${name}`);
    const [, month, day, year, hour, minute, second] = parts.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return dayNumberOf(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - utc;
  };
}

function startOfYear(year: number): number {
  return dayNumberOf(year, 1, 1) * SECONDS_PER_DAY;
}

function yearOf(utc: number): number {
  // The mean Gregorian year is enough to be off by one at most.
  let year = 1970 + Math.floor(utc / (365.2425 * SECONDS_PER_DAY));
  while (startOfYear(year) > utc) year--;
  while (startOfYear(year + 1) <= utc) year++;
  return year;
}
