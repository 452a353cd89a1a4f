import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createForsakenWatch,
  FIRST_GENERATIONS,
  nextGeneration,
} from '../../../src/ports/read-generations.js';

it('a new generation has a number that never was, and another parity than the live one', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(99), (live, more) => {
      const last = live + more;
      const next = nextGeneration({ ...FIRST_GENERATIONS, live, last });
      expect([next > last, next <= last + 2, (next - live) % 2]).toEqual([true, true, 1]);
    }),
  );
});

it('a rebuild is forsaken when its record stays the same for a minute while a second generation is written', () => {
  const isForsaken = createForsakenWatch();
  const record = { ...FIRST_GENERATIONS, beside: 1 };
  expect(isForsaken(record, 0)).toBe(false);
  expect(isForsaken(record, 60_000)).toBe(false);
  expect(isForsaken({ ...record, revision: 1 }, 90_000)).toBe(false);
  expect(isForsaken({ ...record, revision: 1, beside: null }, 160_000)).toBe(false);
  expect(isForsaken({ ...record, revision: 1 }, 160_000)).toBe(true);
});
