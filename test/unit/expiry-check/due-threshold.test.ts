import { describe, expect, it } from '@jest/globals';
import { nearestThreshold } from '../../../src/expiry-check/due-threshold.js';

const THRESHOLDS = [30, 14, 7, 1, 0];

/** First and last number of days left, and the threshold that is due on each day between them. */
const TABLE: [number, number, number | undefined][] = [
  [60, 31, undefined],
  [30, 15, 30],
  [14, 8, 14],
  [7, 2, 7],
  [1, 1, 1],
  [0, -7, 0],
  [-8, -10, undefined],
];

describe('the nearest threshold of 30, 14, 7, 1, 0', () => {
  it('is that of the table on every day from 60 before to 10 after', () => {
    const days: number[] = [];
    for (const [first, last, threshold] of TABLE) {
      for (let day = first; day >= last; day--) {
        days.push(day);
        expect([day, nearestThreshold(day, THRESHOLDS)]).toEqual([day, threshold]);
      }
    }
    expect(days).toEqual(Array.from({ length: 71 }, (_, index) => 60 - index));
  });

  it('does not depend on the order of the thresholds', () => {
    for (let day = 60; day >= -10; day--)
      expect(nearestThreshold(day, [0, 7, 30, 1, 14])).toBe(nearestThreshold(day, THRESHOLDS));
  });
});

describe('without the threshold 0', () => {
  it.each([
    [1, 1],
    [0, 1],
    [-1, undefined],
  ])('with %i days left it is %s', (daysLeft, threshold) => {
    expect(nearestThreshold(daysLeft, [7, 1])).toBe(threshold);
  });
});

it('has nothing due without thresholds', () => {
  expect(nearestThreshold(0, [])).toBeUndefined();
});
