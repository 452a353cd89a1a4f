import { expect, it } from '@jest/globals';
import { untilOver } from '../../../src/http/until-over.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** @returns when it has ended, milliseconds since its begin; undefined while it goes on */
function begin({ random = 0, mayGoOn = () => Promise.resolve(true) }) {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const { signal } = new AbortController();
  const from = clock.monotonic();
  let endedAfter: number | undefined;
  let looks = 0;
  const look = (): Promise<boolean> => (looks++, mayGoOn());
  void untilOver({ clock, ids: { random: () => random }, signal, mayGoOn: look }).then(
    () => (endedAfter = clock.monotonic() - from),
  );
  return { clock, endedAfter: () => endedAfter, looks: () => looks };
}

it.each([
  [0, 900_000],
  [0.5, 810_000],
  [0.999, 720_180],
])('a stream lives for 15 minutes at most, and not all of them equally long: %s', async (random, life) => {
  const { clock, endedAfter } = begin({ random });
  await clock.advance(life - 1);
  expect(endedAfter()).toBeUndefined();
  await clock.advance(1);
  expect(endedAfter()).toBe(life);
});

it('a stream ends within a second of the end of what its sender has shown', async () => {
  let may = true;
  const { clock, endedAfter, looks } = begin({ mayGoOn: () => Promise.resolve(may) });
  await clock.advance(60_500);
  expect([endedAfter(), looks()]).toEqual([undefined, 60]);
  may = false;
  await clock.advance(500);
  expect(endedAfter()).toBe(61_000);
});
