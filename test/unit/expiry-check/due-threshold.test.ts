import { describe, expect, it } from '@jest/globals';
import { dueThreshold } from '../../../src/expiry-check/due-threshold.js';

/** First and last number of days left, and what is due on each day between them. */
type Row = [number, number, ReturnType<typeof dueThreshold>];

const TABLES: [number[], Row[]][] = [
  [
    [30, 14, 7, 1, 0],
    [
      [60, 31, 'not_due'],
      [30, 15, 30],
      [14, 8, 14],
      [7, 2, 7],
      [1, 1, 1],
      [0, -7, 0],
      [-8, -60, 'too_long_expired'],
    ],
  ],
  [
    [7, 1],
    [
      [60, 8, 'not_due'],
      [7, 2, 7],
      [1, 0, 1],
      [-1, -60, 'too_long_expired'],
    ],
  ],
  [
    [5, -2, -5, -30],
    [
      [60, 6, 'not_due'],
      [5, 0, 5],
      [-1, -1, 'not_due'],
      [-2, -4, -2],
      [-5, -12, -5],
      [-13, -29, 'not_due'],
      [-30, -37, -30],
      [-38, -60, 'too_long_expired'],
    ],
  ],
  [
    [-10],
    [
      [60, -9, 'not_due'],
      [-10, -17, -10],
      [-18, -60, 'too_long_expired'],
    ],
  ],
];

describe.each(TABLES)('of the thresholds %j', (thresholds, rows) => {
  it('the one of the table is due, on every day from 60 before to 60 after', () => {
    const days: number[] = [];
    for (const [first, last, due] of rows) {
      for (let day = first; day >= last; day--) {
        days.push(day);
        expect([day, dueThreshold(day, thresholds)]).toEqual([day, due]);
      }
    }
    expect(days).toEqual(Array.from({ length: 121 }, (_, index) => 60 - index));
  });

  it('the order does not matter', () => {
    const turned = [...thresholds].reverse();
    for (let day = 60; day >= -60; day--)
      expect(dueThreshold(day, turned)).toBe(dueThreshold(day, thresholds));
  });
});

it('has nothing due without thresholds', () => {
  expect(dueThreshold(0, [])).toBe('not_due');
  expect(dueThreshold(-1, [])).toBe('too_long_expired');
});
