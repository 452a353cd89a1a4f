import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scheduleOf, type Schedule } from '../../../src/schedule/slots.js';

const EVERY_ZONE = Intl.supportedValuesOf('timeZone');
/** Zones that changed their offset in unusual ways, asked about far more years. */
const ODD_ZONES = [
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/New_York',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Dublin',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

function field(first: number, last: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: first, max: last });
  const pair = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: last });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 2, arbitrary: value.map(String) },
    fc.uniqueArray(value, { minLength: 2, maxLength: 5 }).map((values) => values.join(',')),
    pair,
    step.map((every) => `*/${every}`),
    fc.tuple(pair, step).map(([range, every]) => `${range}/${every}`),
  );
}

// Days up to the 28th: an expression that can never come up is refused.
const expression = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.oneof({ weight: 4, arbitrary: field(1, 28) }, fc.constantFrom('?', 'L', '15,L', '29-31')),
    fc.oneof({ weight: 4, arbitrary: field(1, 12) }, fc.constantFrom('JAN-MAR', 'apr,Sep,NOV')),
    fc.oneof(
      { weight: 4, arbitrary: field(0, 6) },
      fc.constantFrom('MON-FRI', '5L', 'TUE#1', 'SUN#5', '7', 'thu'),
    ),
  )
  .map((fields) => fields.join(' '));

interface Sample {
  timeZone: string;
  expression: string;
  /** Epoch milliseconds. */
  at: number;
  /** Starts this many milliseconds before the next change of the zone's offset instead. */
  beforeChange: number | undefined;
  /** From that change to one more place to ask from. */
  nearChange: number;
  /** Other places to ask from: where between two slots, 0 to 1. */
  elsewhere: number;
}

const HOUR = 3_600_000;
/** Finding the offsets of every zone takes its time on a busy machine. */
const EVERY_ZONE_TIMEOUT = 60_000;

function sample(timeZone: string, firstYear: number, lastYear: number): fc.Arbitrary<Sample> {
  return fc.record({
    timeZone: fc.constant(timeZone),
    expression,
    at: fc.integer({ min: Date.UTC(firstYear, 0, 1), max: Date.UTC(lastYear + 1, 0, 1) - 1 }),
    beforeChange: fc.option(fc.integer({ min: -3 * HOUR, max: 30 * HOUR }), { nil: undefined, freq: 3 }),
    nearChange: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
    elsewhere: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
}

function slotsFrom(schedule: Schedule, start: number, count: number): number[] {
  const slots: number[] = [];
  for (let slot = schedule.nextAfter(start); slot !== undefined; slot = schedule.nextAfter(slot)) {
    slots.push(slot);
    if (slots.length === count) break;
  }
  return slots;
}

function expectSlotRule(chosen: Sample): void {
  const schedule = scheduleOf(chosen.expression, chosen.timeZone, { allowSeconds: false });
  const { zone } = schedule;
  const change = zone.endOf(zone.indexAt(Math.floor(chosen.at / 1000))) * 1000;
  const start = chosen.beforeChange === undefined ? chosen.at : change - chosen.beforeChange;
  const near = change + chosen.nearChange;
  const between = (from: number, to: number): number => from + Math.floor((to - from) * chosen.elsewhere);
  const slots = slotsFrom(schedule, start, 8);

  const notLater = slots.filter((slot, index) => slot <= (slots[index - 1] ?? start));
  expect(notLater).toEqual([]);
  const answers = slots.map((slot, index) => {
    const before = slots[index - 1] ?? start;
    const special = before <= near && near < slot ? near : before;
    return [before, between(before, slot), special, slot - 1].map((instant) => schedule.nextAfter(instant));
  });
  expect(answers).toEqual(slots.map((slot) => [slot, slot, slot, slot]));
  const elsewhere = between(start, slots.at(-1) ?? start);
  const rest = slots.filter((slot) => slot > elsewhere);
  expect(slotsFrom(schedule, elsewhere, rest.length)).toEqual(rest);
}

describe('the next slot of any expression', () => {
  it(
    'is later than the instant, the same for every instant before it, and reached from everywhere, in every zone',
    () => {
      expect(EVERY_ZONE.length).toBeGreaterThan(400);
      for (const timeZone of EVERY_ZONE)
        fc.assert(fc.property(sample(timeZone, 2024, 2027), expectSlotRule), { numRuns: 5 });
    },
    EVERY_ZONE_TIMEOUT,
  );

  it.each(ODD_ZONES)('is so in any year in %s', (timeZone) => {
    fc.assert(fc.property(sample(timeZone, 1971, 2099), expectSlotRule), { numRuns: 100 });
  });

  it('is a whole minute in every zone', () => {
    for (const timeZone of EVERY_ZONE) {
      const wholeMinutes = fc.property(sample(timeZone, 2025, 2025), (chosen) => {
        const slot = scheduleOf(chosen.expression, timeZone, { allowSeconds: false }).nextAfter(chosen.at);
        expect((slot ?? 0) % 60_000).toBe(0);
      });
      fc.assert(wholeMinutes, { numRuns: 3 });
    }
  });
});
