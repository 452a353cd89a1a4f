import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../../src/ports/clock.js';
import { shareTurns, turnForNew, turnWithTime } from '../../../src/waiting/turn-with-time.js';

/** A clock that moves only while work is done, and counts the turns of the event loop. */
function createTurnCounter() {
  let [now, turn] = [0, 0];
  let counting = true;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sinceBoot: () => now,
    sleep: () => Promise.resolve(),
    yield: () => new Promise((resolve) => setImmediate(resolve)),
  };
  const count = (): void => {
    turn++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  return {
    clock,
    turn: () => turn,
    work: (ms: number) => {
      now += ms;
    },
    end: () => {
      counting = false;
    },
  };
}

it('work that is ready together is spread over turns, and none of it waits for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 })), async (tasks) => {
      const { clock, turn, work, end } = createTurnCounter();
      const spent = new Map<number, number>();
      await Promise.all(
        tasks.map(async (pieces) => {
          for (const ms of pieces) {
            await turnWithTime(clock);
            work(ms);
            spent.set(turn(), (spent.get(turn()) ?? 0) + ms);
          }
        }),
      );
      end();
      // The last piece of a turn begins before its time is over.
      for (const ms of spent.values()) expect(ms).toBeLessThan(4 + 6);
    }),
    { numRuns: 100 },
  );
});

it('short work begins at once', async () => {
  const { clock, turn, work, end } = createTurnCounter();
  for (let piece = 0; piece < 30; piece++) {
    await turnWithTime(clock);
    work(0.1);
  }
  expect(turn()).toBe(0);
  end();
});

it('those that wait go on in the order in which they came', async () => {
  const { clock, work, end } = createTurnCounter();
  const begun: number[] = [];
  await Promise.all(
    [1, 2, 3, 4].map(async (task) => {
      await turnWithTime(clock);
      begun.push(task);
      work(50);
    }),
  );
  expect(begun).toEqual([1, 2, 3, 4]);
  end();
});

it('two clocks of one process share the time of a turn', async () => {
  const { clock, turn, work, end } = createTurnCounter();
  const another: Clock = { ...clock };
  shareTurns(another, clock);
  const spent = new Map<number, number>();
  const askBy = async (asked: Clock): Promise<void> => {
    for (let piece = 0; piece < 20; piece++) {
      await turnWithTime(asked);
      work(2);
      spent.set(turn(), (spent.get(turn()) ?? 0) + 2);
    }
  };
  await Promise.all([askBy(clock), askBy(another)]);
  end();
  expect(Math.max(...spent.values())).toBeLessThanOrEqual(4);
});

it('of work that comes at once little is under way, and all of it is done', async () => {
  const { clock, work, end } = createTurnCounter();
  let underWay = 0;
  let most = 0;
  const request = async (): Promise<void> => {
    await turnForNew(clock);
    most = Math.max(most, ++underWay);
    for (let piece = 0; piece < 5; piece++) {
      await turnWithTime(clock);
      work(1);
    }
    underWay--;
  };
  await Promise.all(Array.from({ length: 300 }, request));
  end();
  expect(most).toBeLessThan(15);
});

it('new work begins also while begun work never ends', async () => {
  const { clock, turn, work, end } = createTurnCounter();
  let isOver = false;
  const workOn = async (): Promise<void> => {
    while (!isOver) {
      await turnWithTime(clock);
      work(1);
    }
  };
  const endless = Array.from({ length: 30 }, workOn);
  await clock.yield();
  await turnForNew(clock);
  expect(turn()).toBeLessThan(100);
  isOver = true;
  await Promise.all(endless);
  end();
});
