import { expect, it } from '@jest/globals';
import { createSeededIds } from '../support/seeded-ids.js';
import { oracleChanges } from './slot-oracle.js';
import { addCompared, compareOffsets, compareSlots, nothingCompared } from './compare-schedule.js';
import { EXPRESSIONS } from './expressions.js';
import { EVERY_ZONE, ODD_YEARS } from './ranges.js';

/** A sample of what compare-slots.ts compares; another seed is another sample. */
const SEED = 20_260_326;
const DAY = 86_400_000;
const YEAR = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2026, 0, 1) };
const CHANGING = ['America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Antarctica/Troll'];

const ids = createSeededIds(SEED);
const random = (): number => ids.random();

function some<T>(all: readonly T[], count: number): T[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

it('the offsets of some zones are those of Intl at every minute of a year', () => {
  const compared = nothingCompared();
  for (const timeZone of some(EVERY_ZONE, 8)) addCompared(compared, compareOffsets({ timeZone, ...YEAR }));
  expect(compared).toMatchObject({ minutes: 8 * 365 * 1440, differences: 0, examples: [] });
});

it.each(CHANGING)('some expressions around each change of the offset of %s', (timeZone) => {
  const compared = nothingCompared();
  const expressions = some(EXPRESSIONS, 10);
  for (const change of oracleChanges(timeZone, YEAR.from, YEAR.to))
    for (const expression of expressions) {
      const range = { timeZone, from: change - 10 * DAY, to: change + 10 * DAY };
      addCompared(compared, compareSlots(expression, range, random));
    }
  expect(compared).toMatchObject({ differences: 0, examples: [] });
  expect(compared.slots).toBeGreaterThan(100);
});

it('some expressions in an odd year', () => {
  const compared = nothingCompared();
  for (const range of some(ODD_YEARS, 2))
    for (const expression of some(EXPRESSIONS, 5))
      addCompared(compared, compareSlots(expression, range, random));
  expect(compared).toMatchObject({ differences: 0, examples: [] });
});
