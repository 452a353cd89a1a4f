import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextSlice, type Call, type Queued } from '../../../src/adapters/sqlite/next-slice.js';

const sizes = fc.array(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 40 });

function callOf(name: string, events: readonly number[]): Call {
  const writes = events.map((count, nth) => {
    const write = { stream: `${name} ${nth}`, events: Array.from({ length: count }) };
    return { write } as unknown as Queued;
  });
  return { writes, done: 0 };
}

const nameOf = ({ write }: Queued): string => write.stream.split(' ')[0] ?? '';
const eventsOf = (slice: readonly Queued[]): number =>
  slice.reduce((sum, { write }) => sum + write.events.length, 0);

it('each write is taken once, in the order of its call, in slices of a limited size, and no call waits for another one', () => {
  fc.assert(
    fc.property(fc.array(sizes, { minLength: 1, maxLength: 6 }), (all) => {
      const made = all.map((events, nth) => callOf(`call${nth}`, events));
      const calls = [...made];
      const taken: Queued[] = [];
      /** How many slices each call has been left out of, one after the other. */
      const leftOut = new Map<string, number>();
      while (calls.length > 0) {
        const waiting = new Set(calls.flatMap(({ writes }) => writes.map(nameOf)));
        const slice = nextSlice(calls);
        expect(slice.length === 1 || eventsOf(slice) <= 100).toBe(true);
        expect(slice.length).toBeGreaterThan(0);
        const served = new Set(slice.map(nameOf));
        for (const name of waiting) leftOut.set(name, served.has(name) ? 0 : (leftOut.get(name) ?? 0) + 1);
        expect(Math.max(...leftOut.values())).toBeLessThanOrEqual(all.length);
        taken.push(...slice);
      }
      for (const [nth, { writes }] of made.entries())
        expect(taken.filter((queued) => nameOf(queued) === `call${nth}`)).toEqual(writes);
    }),
    { numRuns: 500 },
  );
});
