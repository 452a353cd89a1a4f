import { beforeEach, expect, it } from '@jest/globals';
import {
  createKnownGenerations,
  type KnownGenerations,
} from '../../../src/adapters/mongodb/known-generations.js';
import { FIRST_GENERATIONS, type Generations } from '../../../src/ports/read-generations.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const REBUILD = { id: 'rebuild-1', generation: 1, beat: 0 };

let stored: Generations;
let asked: number;
let clock: ReturnType<typeof createVirtualClock>;
let known: KnownGenerations;

beforeEach(() => {
  stored = FIRST_GENERATIONS;
  asked = 0;
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  known = createKnownGenerations(
    {
      read() {
        asked++;
        return Promise.resolve(stored);
      },
      replace(before, next) {
        if (before.revision !== stored.revision) return Promise.resolve(undefined);
        stored = { ...next, revision: before.revision + 1 };
        return Promise.resolve(stored);
      },
    },
    clock,
  );
});

const set = (changes: Partial<Generations>): void =>
  void (stored = { ...stored, ...changes, revision: stored.revision + 1 });
const liveRead = (): Promise<number> => known.reading((live) => Promise.resolve(live));

it('without a rebuild asks now and then, however much is read and written', async () => {
  for (let times = 0; times < 20; times++)
    expect([await liveRead(), await known.toWrite()]).toEqual([0, [0]]);
  expect(asked).toBe(1);
  await clock.advance(300);
  await liveRead();
  expect(asked).toBe(2);
});

it('during a rebuild asks with each read and each write, so that a switch holds for what begins after it', async () => {
  set({ rebuild: REBUILD });
  await liveRead();
  set({ beside: 1 });
  expect(await known.toWrite()).toEqual([1, 0]);
  set({ live: 1, beside: 0 });
  expect([await liveRead(), await known.toWrite()]).toEqual([1, [1, 0]]);
  set({ beside: null });
  expect(await known.toWrite()).toEqual([1]);
});

it('a writer that has heard of no rebuild goes by that for a quarter of a second', async () => {
  await known.toWrite();
  set({ rebuild: REBUILD, beside: 1 });
  await clock.advance(200);
  expect(await known.toWrite()).toEqual([0]);
  await clock.advance(100);
  expect(await known.toWrite()).toEqual([1, 0]);
});

it.each(['advance', 'suspend'] as const)(
  'a read that took long, by %s, is made again where another generation is live by now',
  async (pass) => {
    await liveRead();
    const reads: number[] = [];
    const answer = await known.reading(async (live) => {
      reads.push(live);
      if (reads.length > 1) return `of ${live}`;
      set({ live: 1 });
      if (pass === 'suspend') clock.suspend(700);
      else await clock.advance(700);
      return `of ${live}`;
    });
    expect([answer, reads]).toEqual(['of 1', [0, 1]]);
  },
);

it('whoever empties the models ends a rebuild, also one that goes on at that moment', async () => {
  set({ rebuild: REBUILD });
  const ending = known.endRebuild();
  set({ live: 1, beside: 0 });
  expect([await ending, stored]).toMatchObject([1, { live: 1, beside: null, rebuild: null }]);
});
