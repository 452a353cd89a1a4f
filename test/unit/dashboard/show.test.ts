import { describe, expect, it } from '@jest/globals';
import { duration } from '../../../dashboard/src/show/show-duration.js';
import { inZone } from '../../../dashboard/src/show/show-instant.js';

describe('an instant', () => {
  it.each([
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30'],
    ['2026-11-28T23:59:07.250Z', 'Asia/Kathmandu', '2026-11-29 05:44:07'],
    ['2026-01-01T00:00:00Z', 'Pacific/Kiritimati', '2026-01-01 14:00'],
    ['2026-01-01T00:00:00Z', 'No/Such_Zone', '2026-01-01 00:00'],
  ])('%s is shown as the clocks of %s show it', (at, zone, text) => {
    expect(inZone(at, zone).text).toBe(text);
  });

  it('tells the two halves of a doubled hour apart by the name of the zone', () => {
    const names = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map(
      (at) => inZone(at, 'Europe/Berlin').zone,
    );
    expect(new Set(names).size).toBe(2);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
  ])('of %d ms is %j', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
