import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from '../../src/schedule/slots.js';
import { oracleChanges, oracleSlots } from './slot-oracle.js';

const DAY = 86_400_000;

/** Each zone with a year in which its offset changes, where it has one. */
const ZONES: [string, number][] = [
  ['UTC', 2025],
  ['America/New_York', 2025],
  ['America/St_Johns', 2025],
  ['America/Havana', 2025],
  ['America/Asuncion', 2024],
  ['Europe/Berlin', 2025],
  ['Africa/Casablanca', 2025],
  ['Asia/Beirut', 2025],
  ['Asia/Kolkata', 2025],
  ['Asia/Kathmandu', 1985],
  ['Asia/Pyongyang', 2018],
  ['Antarctica/Troll', 2025],
  ['Australia/Lord_Howe', 2025],
  ['Pacific/Chatham', 2025],
  ['Pacific/Apia', 2011],
];

/** A year of each; few enough slots. */
const BY_THE_YEAR = [
  '0 0 * * *',
  '30 2 * * *',
  '15,45 1-3 * * *',
  '0 */6 * * *',
  '0 * * * 0',
  '30 0-23/2 * * SUN',
  '0 0 29 2 *',
  '0 0 13 * FRI',
  '0 0 * 4,6 MON',
  '59 23 L * *',
  '0 3 * * 5L',
  '0 2 * * SUN#2',
  '0 1 * * MON#5',
  '10 0 ? JAN-MAR,OCT 6,7',
];

/** Around each change of the zone's offset only: these have many slots. */
const AT_CHANGES = [
  '* * * * *',
  '*/15 * * * *',
  '7-59/13 0-23 * * *',
  '*/15 2 * * *',
  '*/10 0-3,23 * * *',
  '*/30 0-22 * * *',
  '59 */2 * * *',
];

function expectSameSlots(expression: string, timeZone: string, from: number, to: number): number {
  const schedule = scheduleOf(expression, timeZone, { allowSeconds: false });
  const slots: number[] = [];
  let slot = schedule.nextAfter(from - 1);
  while (slot !== undefined && slot < to) {
    slots.push(slot);
    slot = schedule.nextAfter(slot);
  }
  const readable = (instants: number[]): string[] => instants.map((at) => new Date(at).toISOString());
  expect(readable(slots)).toEqual(readable(oracleSlots(expression, timeZone, from, to)));
  return slots.length;
}

describe.each(ZONES)('the slots in %s in %i', (timeZone, year) => {
  const from = Date.UTC(year, 0, 1);
  const to = Date.UTC(year + 1, 0, 5);

  it.each(BY_THE_YEAR)('of %s are those of the oracle', (expression) => {
    expectSameSlots(expression, timeZone, from, to);
  });

  it.each(AT_CHANGES)('of %s around each change of the offset are those of the oracle', (expression) => {
    const changes = oracleChanges(timeZone, from, to);
    for (const change of changes.length === 0 ? [from] : changes)
      expect(expectSameSlots(expression, timeZone, change - 4 * DAY, change + 4 * DAY)).toBeGreaterThan(0);
  });
});

it('every zone but two changes its offset in its year', () => {
  const steady = ZONES.filter(([timeZone, year]) => {
    return oracleChanges(timeZone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 5)).length === 0;
  });
  expect(steady.map(([timeZone]) => timeZone)).toEqual(['UTC', 'Asia/Kolkata']);
});
