import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadSlots, type Ledger } from '../../../dashboard/src/slots/load-slots.js';
import { countOutcomes, outcomeOf, type Slot } from '../../../dashboard/src/slots/slot-outcomes.js';
import {
  besides,
  rangeAround,
  RANGES,
  type Range,
  type RangeName,
} from '../../../dashboard/src/slots/slot-range.js';
import { slotSections, type Period } from '../../../dashboard/src/slots/slot-sections.js';

const NOW = Date.parse('2026-11-28T04:05:44.321Z');
const HOUR_MS = 3_600_000;
const PAGE = 100;
const seconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** A slot at every so many milliseconds of the epoch, as the service would tell them. */
function ledgerOf(everyMs: number) {
  const asked: Partial<Range>[] = [];
  const ask = (range: Partial<Range>): Promise<Ledger> => {
    asked.push(range);
    const from = Date.parse(range.from ?? seconds(NOW - (NOW % 1000)));
    const to = Date.parse(range.to ?? seconds(from + 7 * 24 * HOUR_MS));
    const data: Slot[] = [];
    let at = Math.ceil(from / everyMs) * everyMs;
    for (; at < to && data.length < PAGE; at += everyMs) data.push(slotAt(seconds(at)));
    const next_from = at < to ? seconds(at) : null;
    return Promise.resolve({
      cron_id: 'cron-1',
      from: seconds(from),
      to: seconds(to),
      data,
      periods: [],
      next_from,
    });
  };
  return { asked, ask };
}

function slotAt(slot: string, more: Partial<Slot> = {}): Slot {
  const bare = {
    outcome: 'upcoming',
    reason: null,
    run_id: null,
    late_by_ms: null,
    decided_at: null,
  } as const;
  return { slot, ...bare, expected: true, ...more };
}

describe('the range of slots', () => {
  it.each<[string, number, RangeName]>([
    ['each second', 1_000, 'minute'],
    ['each minute', 60_000, 'hour'],
    ['each quarter of an hour', HOUR_MS / 4, 'hour'],
    ['hourly', HOUR_MS, 'day'],
    ['nightly', 24 * HOUR_MS, 'week'],
    ['weekly', 7 * 24 * HOUR_MS, 'month'],
    ['monthly', 30 * 24 * HOUR_MS, 'year'],
    ['hardly ever', 3_000 * 24 * HOUR_MS, 'year'],
  ])('fits a schedule that is due %s', async (_, everyMs, expected) => {
    const shown = await loadSlots({ query: {}, now: NOW, ...ledgerOf(everyMs) });
    expect(shown.name).toBe(expected);
    expect(shown.range).toEqual(rangeAround(expected, NOW));
  });

  it('is that of the address, with its pages', async () => {
    const query = { from: '2026-11-01T00:00:00Z', to: '2026-11-08T00:00:00Z' };
    const minutely = ledgerOf(60_000);
    const first = await loadSlots({ query, now: NOW, ...minutely });
    expect(first.ledger.next_from).toBe('2026-11-01T01:40:00Z');
    const page = first.ledger.next_from ?? '';
    const second = await loadSlots({ query: { ...query, page }, now: NOW, ...minutely });
    expect(second.ledger.data[0]?.slot).toBe(page);
    expect([second.range, second.name]).toEqual([query, undefined]);
  });

  it('goes by its name around now, and what is no name is none', async () => {
    const named = await loadSlots({ query: { range: 'month' }, now: NOW, ...ledgerOf(60_000) });
    expect(named.name).toBe('month');
    const other = await loadSlots({ query: { range: 'constructor' }, now: NOW, ...ledgerOf(HOUR_MS) });
    expect(other.name).toBe('day');
  });

  it('has no end where only its beginning is in the address: the service knows one', async () => {
    const hourly = ledgerOf(HOUR_MS);
    const { range } = await loadSlots({ query: { from: '2026-11-01T00:00:00Z' }, now: NOW, ...hourly });
    expect(hourly.asked).toEqual([{ from: '2026-11-01T00:00:00Z' }]);
    expect(range.to).toBe('2026-11-08T00:00:00Z');
  });

  it('has neighbours of its length, that leave nothing out, within the years of the API', () => {
    const day = { from: '2026-11-27T00:00:00Z', to: '2026-11-28T00:00:00Z' };
    expect(besides(day)).toEqual({
      earlier: { from: '2026-11-26T00:00:00Z', to: '2026-11-27T00:00:00Z' },
      later: { from: '2026-11-28T00:00:00Z', to: '2026-11-29T00:00:00Z' },
    });
    expect(besides({ from: '1970-01-01T00:00:00Z', to: '1970-01-08T00:00:00Z' }).earlier).toBeUndefined();
    expect(besides({ from: '2100-12-25T00:00:00Z', to: '2100-12-31T23:00:00Z' }).later).toBeUndefined();
    for (const name of Object.keys(RANGES) as RangeName[]) {
      const range = rangeAround(name, NOW);
      expect(besides(range).earlier?.to).toBe(range.from);
    }
  });
});

describe('what became of slots', () => {
  it('is told apart by the grace of the job', () => {
    const started = (late_by_ms: number | null): Slot =>
      slotAt('2026-11-27T01:00:00Z', { outcome: 'started', late_by_ms });
    expect([null, 0, 60_000, 60_001].map((late) => outcomeOf(started(late), 60_000))).toEqual([
      'on_time',
      'on_time',
      'on_time',
      'late',
    ]);
    const slots = [started(0), started(60_001), slotAt('2026-11-28T01:00:00Z', { outcome: 'missing' })];
    expect(Object.fromEntries(countOutcomes(slots, 60_000))).toEqual({ on_time: 1, late: 1, missing: 1 });
  });

  const period = (after: string | null, until: string | null): Period => ({
    after,
    until,
    state: 'active',
    cron_expression: '0 * * * *',
    time_zone: 'UTC',
  });

  it('stands under the period that it belongs to: a slot at the instant of a change under the one before', () => {
    const [change, change2] = ['2026-11-27T02:00:00Z', '2026-11-27T03:30:00Z'];
    const periods = [period(null, change), period(change, change2), period(change2, null)];
    const slots = ['01', '02', '03', '04'].map((hour) => slotAt(`2026-11-27T${hour}:00:00Z`));
    const hours = slotSections(periods, slots).map((section) =>
      section.slots.map(({ slot }) => slot.slice(11, 13)),
    );
    expect(hours).toEqual([['01', '02'], ['03'], ['04']]);
  });

  it('is shown once for each slot, whatever the periods are', () => {
    const instants = fc.integer({ min: 0, max: 200 }).map((hour) => seconds(Date.UTC(2026, 0, 1, hour)));
    fc.assert(
      fc.property(fc.uniqueArray(instants), fc.uniqueArray(instants), fc.boolean(), (at, changes, isOpen) => {
        const afters = [...(isOpen ? [null] : []), ...changes.sort()];
        const slots = at.sort().map((slot) => slotAt(slot));
        const sections = slotSections(
          afters.map((after, index) => period(after, afters[index + 1] ?? null)),
          slots,
        );
        expect(sections.flatMap((section) => section.slots)).toEqual(slots);
        for (const { period: of, slots: inside } of sections)
          for (const { slot } of inside)
            if (of !== undefined) {
              expect(of.after === null || slot > of.after).toBe(true);
              expect(of.until === null || slot <= of.until).toBe(true);
            }
      }),
    );
  });
});
