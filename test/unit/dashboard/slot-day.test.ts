import { describe, expect, it } from '@jest/globals';
import { asDate, slotDay } from '../../../dashboard/src/expiring/slot-day.js';

describe('the day of a slot', () => {
  it.each([
    ['Pacific/Kiritimati', '2026-12-01'],
    ['UTC', '2026-11-30'],
    ['Pacific/Pago_Pago', '2026-11-30'],
  ])('is that of the zone %s', (time_zone, day) => {
    expect(slotDay({ next_run_at: '2026-11-30T12:30:00Z', time_zone })).toBe(day);
  });

  it('is none where no slot is owed', () => {
    expect(slotDay({ next_run_at: null, time_zone: 'UTC' })).toBeUndefined();
  });
});

describe('a date of the address', () => {
  it('is shown where there is such a day', () => {
    expect(asDate('2028-02-29')).toBe('2028-02-29');
    for (const none of [
      '2026-02-29',
      '2026-02-30',
      'tonight',
      '',
      '2026-1-1',
      '+002026-01-01',
      '2026-01-01T00:00:00Z',
    ])
      expect(asDate(none)).toBe('');
  });
});
