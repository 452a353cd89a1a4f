import { expect, it } from '@jest/globals';
import { createPauses, createPausesByKey } from '../../../src/waiting/pauses.js';

it('pauses double with each failure up to the longest, and begin again after a success', () => {
  const pauses = createPauses({ firstMs: 100, longestMs: 500 });
  expect([1, 2, 3, 4, 5].map(() => pauses.next())).toEqual([100, 200, 400, 500, 500]);
  pauses.reset();
  expect(pauses.next()).toBe(100);
});

it('pauses stay at the longest, however often something fails', () => {
  const pauses = createPauses({ firstMs: 1, longestMs: 1_000 });
  for (let failures = 0; failures < 5_000; failures++) pauses.next();
  expect(pauses.next()).toBe(1_000);
});

it('several things have pauses of their own', () => {
  const pausesOf = createPausesByKey({ firstMs: 10, longestMs: 100 });
  expect([pausesOf(1).next(), pausesOf(1).next(), pausesOf(2).next()]).toEqual([10, 20, 10]);
  pausesOf(1).reset();
  expect([pausesOf(1).next(), pausesOf(2).next()]).toEqual([10, 20]);
});
