import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agree, agreedOffset, CLOCK_TOLERANCE_MS } from '../../../src/fleet/agreed-offset.js';

const DAY = 86_400_000;
/** Offsets in a few groups, each narrower than the tolerance and far from the others. */
const offset = fc
  .tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: CLOCK_TOLERANCE_MS - 1 }))
  .map(([days, ms]) => days * DAY + ms);
const group = (of: number): number => Math.floor((of + DAY / 2) / DAY);

describe('the agreed offset', () => {
  it.each([
    ['alone, with a clock that has stepped', 0, DAY, [], 0],
    ['of two, with a clock that has stepped', 0, DAY, [0], 0],
    ['of two, where the other one has stepped', 0, 0, [DAY], 0],
    ['of three, where one has stepped', 0, 0, [DAY, 10], 0],
    ['of three, where all but one have stepped', 0, 0, [DAY, DAY], DAY],
    ['of two, both of which have stepped', 0, DAY, [DAY + 50], DAY],
    ['when a wrong time was agreed on before there were others', DAY, DAY, [0, 10], 0],
  ])('%s', (_, current, own, others, expected) => {
    expect(agreedOffset(current, own, others)).toBe(expected);
  });

  it('is that of the largest group of two or more, and stays on a tie', () => {
    fc.assert(
      fc.property(offset, offset, fc.array(offset, { maxLength: 6 }), (current, own, others) => {
        const found = agreedOffset(current, own, others);
        const sizes = new Map<number, number>();
        for (const each of [own, ...others]) sizes.set(group(each), (sizes.get(group(each)) ?? 0) + 1);
        const largest = Math.max(...sizes.values());
        const present = sizes.get(group(current)) ?? 0;
        if (largest < 2 || largest <= present) expect(found).toBe(current);
        else expect(sizes.get(group(found))).toBe(largest);
        if (group(found) === group(own) && found !== current) expect(found).toBe(own);
      }),
    );
  });

  it('agrees up to the tolerance', () => {
    expect(agree(0, CLOCK_TOLERANCE_MS)).toBe(true);
    expect(agree(0, -CLOCK_TOLERANCE_MS - 1)).toBe(false);
  });
});
