import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scheduleOf, type Schedule } from '../../../src/schedule/slots.js';
import { slotsBetween, type SlotRange } from '../../../src/schedule/slots-between.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Days that near changes of the offset lie in: of an hour, of half of one, of a whole day, at odd times and years. */
const DAYS_OF_CHANGES: [string, string][] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Dublin', '2026-10-25'],
  ['America/Havana', '2025-03-09'],
  ['America/St_Johns', '1988-04-03'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '1985-12-31'],
  ['Africa/Monrovia', '1972-01-07'],
  ['Antarctica/Troll', '2025-10-26'],
  ['Asia/Beirut', '2025-10-25'],
  ['Asia/Gaza', '2011-08-01'],
  ['Asia/Kathmandu', '1985-12-31'],
  ['Asia/Pyongyang', '2018-05-04'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kiritimati', '1994-12-31'],
  ['Pacific/Kwajalein', '1993-08-21'],
  ['UTC', '2024-02-29'],
];

function field(first: number, last: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: first, max: last });
  const pair = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: last });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('*') },
    value.map(String),
    fc.uniqueArray(value, { minLength: 2, maxLength: 5 }).map((values) => values.join(',')),
    pair,
    step.map((every) => `*/${every}`),
  );
}

const days = fc.constantFrom(
  '* * *',
  '* * *',
  '1-7 * SUN',
  'L * *',
  '29 2 *',
  '* 1-3,10 6,7',
  '* * 5L',
  '*/2 * ?',
);
const fiveFields = fc.tuple(field(0, 59), field(0, 23), days).map((fields) => fields.join(' '));
const sixFields = fc.tuple(field(0, 59), fiveFields).map((fields) => fields.join(' '));

function walked(schedule: Schedule, after: number, until: number): SlotRange | undefined {
  let range: SlotRange | undefined;
  for (
    let slot = schedule.nextAfter(after);
    slot !== undefined && slot <= until;
    slot = schedule.nextAfter(slot)
  )
    range = { from: range?.from ?? slot, to: slot, count: (range?.count ?? 0) + 1 };
  return range;
}

function expectAsWalked(
  expressions: fc.Arbitrary<string>,
  { earliest, longest, runs }: { earliest: number; longest: number; runs: number },
): void {
  const [start, length] = [fc.integer({ min: earliest, max: 2 * DAY }), fc.integer({ min: 0, max: longest })];
  const property = fc.property(
    fc.constantFrom(...DAYS_OF_CHANGES),
    expressions,
    start,
    length,
    ([zone, day], expression, from, ms) => {
      const schedule = scheduleOf(expression, zone, { allowSeconds: true });
      const after = Date.parse(`${day}T00:00:00Z`) + from;
      expect(slotsBetween(schedule, after, after + ms)).toEqual(walked(schedule, after, after + ms));
    },
  );
  fc.assert(property, { numRuns: runs });
}

it('finds the first and the last slot and their number, as a walk over them does', () => {
  expectAsWalked(fiveFields, { earliest: -60 * DAY, longest: 90 * DAY, runs: 20 });
  expectAsWalked(fiveFields, { earliest: -DAY, longest: 3 * DAY, runs: 500 });
  expectAsWalked(sixFields, { earliest: -DAY, longest: 2 * DAY, runs: 10 });
  expectAsWalked(sixFields, { earliest: -DAY, longest: 2 * HOUR, runs: 800 });
});

it.each([
  ['* * * * * *', 'UTC', 157_766_400],
  // Five springs lose an hour, five autumns repeat one.
  ['* * * * * *', 'America/New_York', 157_766_400],
  ['* 0-22 * * *', 'UTC', 1_826 * 23 * 60],
])('counts %s in %s over five years without walking', (expression, zone, count) => {
  const after = Date.parse('2021-01-01T00:00:00Z') - 1;
  const schedule = scheduleOf(expression, zone, { allowSeconds: true });
  const asked: number[] = [];
  const counting: Schedule = {
    ...schedule,
    nextAfter: (instant) => {
      asked.push(instant);
      return schedule.nextAfter(instant);
    },
  };
  expect(slotsBetween(counting, after, Date.parse('2026-01-01T00:00:00Z') - 1)?.count).toBe(count);
  expect(asked.length).toBeLessThan(100);
});

it('finds none where there is none', () => {
  const schedule = scheduleOf('0 2 * * *', 'UTC', { allowSeconds: false });
  const at = Date.parse('2026-03-27T02:00:00Z');
  expect(slotsBetween(schedule, at - 1, at - 1)).toBeUndefined();
  expect(slotsBetween(schedule, at, at + DAY - 1)).toBeUndefined();
  expect(slotsBetween(schedule, at, at - DAY)).toBeUndefined();
  expect(slotsBetween(schedule, at - 1, at)).toEqual({ from: at, to: at, count: 1 });
});
