import type { components } from '../api/openapi.js';
import { isRangeName, rangeAround, type Range, type RangeName } from './slot-range.js';

export type Ledger = components['schemas']['SlotLedger'];

export interface ShownSlots {
  ledger: Ledger;
  /** What was asked for: the whole of it, though a page is a part. */
  range: Range;
  /** Undefined for a range by its instants. */
  name: RangeName | undefined;
}

export interface SlotsAsked {
  /** Of the address: `from` and `to`, or the name of a `range`; neither: one that fits the schedule. And the `page`. */
  query: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  now: number;
  ask: (range: Partial<Range>) => Promise<Ledger>;
}

/** Fewer slots than this say little about a schedule. */
const FEW = 3;
const NARROWER = ['hour', 'minute'] as const;
const WIDER = ['week', 'month', 'year'] as const;

/** The slots of the range in the address. */
export async function loadSlots({ query, now, ask }: SlotsAsked): Promise<ShownSlots> {
  const { from, to, range: named, page } = query;
  if (from !== undefined || to !== undefined) {
    const whole = await ask({ ...(from && { from }), ...(to && { to }) });
    const range = { from: whole.from, to: whole.to };
    return { ledger: page ? await ask({ from: page, to: whole.to }) : whole, range, name: undefined };
  }
  const inRange = async (name: RangeName): Promise<ShownSlots> => {
    const range = rangeAround(name, now);
    return { ledger: await ask({ ...range, ...(page && { from: page }) }), range, name };
  };
  if (isRangeName(named)) return inRange(named);
  return thatFits(inRange);
}

/** A day where its slots fill a page and no more; a longer time for a rare schedule, a shorter one for a dense one. */
async function thatFits(inRange: (name: RangeName) => Promise<ShownSlots>): Promise<ShownSlots> {
  const day = await inRange('day');
  if (day.ledger.next_from !== null) {
    for (const name of NARROWER) {
      const shorter = await inRange(name);
      if (shorter.ledger.data.length < FEW) return day;
      if (shorter.ledger.next_from === null) return shorter;
    }
    return day;
  }
  let shown = day;
  for (const name of WIDER) {
    if (shown.ledger.data.length >= FEW) return shown;
    shown = await inRange(name);
  }
  return shown;
}
