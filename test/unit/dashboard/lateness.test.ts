import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latenessOf } from '../../../dashboard/src/system/lateness.js';

const runs = (...late: (number | null)[]) => late.map((late_by_ms, nth) => ({ nth, late_by_ms }));

describe('how late runs are', () => {
  it('is told by the nearest rank, with the slowest first', () => {
    const hundred = runs(...Array.from({ length: 100 }, (_, nth) => nth + 1));
    const told = latenessOf(hundred, { slowest: 3 });
    expect(told).toMatchObject({ count: 100, medianMs: 50, p95Ms: 95 });
    expect(told?.slowest.map(({ late_by_ms }) => late_by_ms)).toEqual([100, 99, 98]);
  });

  it('leaves out runs by hand, and names none as slow that was in time', () => {
    expect(latenessOf(runs(null, 0, 0), { slowest: 5 })).toEqual({
      count: 2,
      medianMs: 0,
      p95Ms: 0,
      slowest: [],
    });
    expect(latenessOf(runs(7), { slowest: 5 })).toMatchObject({ count: 1, medianMs: 7, p95Ms: 7 });
    expect(latenessOf(runs(null), { slowest: 5 })).toBeUndefined();
    expect(latenessOf([], { slowest: 5 })).toBeUndefined();
  });

  it('is such that half are no later than the median, and 95 of 100 than the other, and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 100 }), (late) => {
        const given = runs(...late);
        const before = structuredClone(given);
        const { medianMs, p95Ms } = latenessOf(given, { slowest: 5 }) ?? { medianMs: -1, p95Ms: -1 };
        const within = (limit: number): number => late.filter((ms) => ms <= limit).length / late.length;
        expect(within(medianMs)).toBeGreaterThanOrEqual(0.5);
        expect(within(medianMs - 1)).toBeLessThan(0.5);
        expect(within(p95Ms)).toBeGreaterThanOrEqual(0.95);
        expect(within(p95Ms - 1)).toBeLessThan(0.95);
        expect(given).toEqual(before);
      }),
    );
  });
});
