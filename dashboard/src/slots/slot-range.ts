/** How far a range reaches back from now, and ahead. */
export const RANGES = {
  minute: { words: 'minute', backMs: 60_000, aheadMs: 30_000 },
  hour: { words: 'hour', backMs: 3_600_000, aheadMs: 1_800_000 },
  day: { words: 'day', backMs: 86_400_000, aheadMs: 86_400_000 },
  week: { words: 'week', backMs: 7 * 86_400_000, aheadMs: 7 * 86_400_000 },
  month: { words: 'month', backMs: 31 * 86_400_000, aheadMs: 31 * 86_400_000 },
  year: { words: 'year', backMs: 366 * 86_400_000, aheadMs: 366 * 86_400_000 },
} as const;

export type RangeName = keyof typeof RANGES;

/** What the API takes: instants in UTC. */
export interface Range {
  from: string;
  to: string;
}

export function isRangeName(text: string | undefined): text is RangeName {
  return text !== undefined && Object.hasOwn(RANGES, text);
}

/** @param now epoch milliseconds; the range is around the whole minute, which is easier to read */
export function rangeAround(name: RangeName, now: number): Range {
  const { backMs, aheadMs } = RANGES[name];
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return { from: instant(minute - backMs), to: instant(minute + aheadMs) };
}

/** The ranges before and behind it, as long as it is; undefined where the API has no such years. */
export function besides({ from, to }: Range): { earlier: Range | undefined; later: Range | undefined } {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const length = end - begin;
  return {
    earlier: begin - length < EARLIEST ? undefined : { from: instant(begin - length), to: instant(begin) },
    later: end + length > LATEST ? undefined : { from: instant(end), to: instant(end + length) },
  };
}

const MINUTE_MS = 60_000;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2101, 0, 1) - 1_000;

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
