import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, endOfDay, lastDayBefore, startOfDay } from '../../../dashboard/src/show/day-in-zone.js';
import { inZone } from '../../../dashboard/src/show/show-instant.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];

describe('the start of a day in a zone', () => {
  it.each([
    ['2026-11-28', 'UTC', '2026-11-28T00:00:00Z'],
    ['2026-11-28', 'Europe/Berlin', '2026-11-27T23:00:00Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00Z'],
    ['2026-11-28', 'Asia/Kathmandu', '2026-11-27T18:15:00Z'],
    ['2026-11-28', 'Pacific/Kiritimati', '2026-11-27T10:00:00Z'],
    ['2026-11-28', 'Pacific/Pago_Pago', '2026-11-28T11:00:00Z'],
    // The clocks are put forward at midnight: the day begins at one.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
    // A zone that the browser does not know is shown in UTC.
    ['2026-11-28', 'Mars/Olympus', '2026-11-28T00:00:00Z'],
  ])('of %s in %s is %s', (day, zone, start) => {
    expect(startOfDay(day, zone)).toBe(start);
  });

  it('is the first minute of the day, on any day in any zone, and the day ends where the next one begins', () => {
    const days = fc.date({
      min: new Date('1975-01-02'),
      max: new Date('2099-12-30'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, fc.constantFrom(...ZONES), (date, zone) => {
        const day = date.toISOString().slice(0, 10);
        const start = startOfDay(day, zone);
        const end = endOfDay(day, zone);
        if (start === undefined || end === undefined) throw new Error('it is a day');
        const before = new Date(Date.parse(start) - 60_000).toISOString();
        expect(inZone(before, zone).day < day).toBe(true);
        expect([dayOf(start, zone), lastDayBefore(end, zone)]).toEqual([day, day]);
        expect((Date.parse(end) - Date.parse(start)) / 3_600_000).toBeGreaterThanOrEqual(22);
      }),
      { numRuns: 300 },
    );
  });

  it('is none of what is no day, nor has what is no instant a day', () => {
    expect([startOfDay('', 'UTC'), endOfDay('soon', 'UTC')]).toEqual([undefined, undefined]);
    expect([dayOf(undefined, 'UTC'), dayOf('soon', 'UTC'), lastDayBefore('', 'UTC')]).toEqual(['', '', '']);
  });
});
