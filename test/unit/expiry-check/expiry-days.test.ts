import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCheckBench, dayBefore, EXPIRES, type CheckBench } from './check-fixture.js';

let bench: CheckBench;

beforeEach(() => {
  bench = createCheckBench();
});

afterEach(() => bench.close());

async function thresholdsSent(): Promise<unknown[]> {
  return (await bench.reminders()).map(({ data }) => data.threshold_days);
}

describe('from day to day', () => {
  it('reminds once at each threshold, on its day', async () => {
    await bench.register({ c1: { expires_at: EXPIRES } });
    const sentOn: number[] = [];
    for (let daysLeft = 60; daysLeft >= -10; daysLeft--) {
      const { reminders_sent } = await bench.check({ day: dayBefore(daysLeft) });
      if (reminders_sent > 0) sentOn.push(daysLeft);
    }
    expect(sentOn).toEqual([30, 14, 7, 1, 0]);
    expect(await thresholdsSent()).toEqual([30, 14, 7, 1, 0]);
  });

  it.each([
    [60, []],
    [31, []],
    [30, [30]],
    [20, [30]],
    [5, [7]],
    [1, [1]],
    [0, [0]],
    [-7, [0]],
    [-8, []],
  ])('with %i days left at the first check sends only the nearest: %j', async (daysLeft, sent) => {
    await bench.register({ c1: { expires_at: EXPIRES } });
    expect((await bench.check({ day: dayBefore(daysLeft) })).reminders_sent).toBe(sent.length);
    expect(await thresholdsSent()).toEqual(sent);
  });

  it.each(['9999-12-31T23:59:59Z', '9999-12-31', '1900-01-01T00:00:00+05:30', '0001-01-01'])(
    'takes a far expiry as one that needs no reminder: %s',
    async (expires_at) => {
      await bench.register({ far: { expires_at }, near: { expires_at: EXPIRES } });
      expect(await bench.check({ day: dayBefore(7) })).toMatchObject({
        mentors_checked: 2,
        reminders_sent: 1,
        errors: 0,
      });
    },
  );

  it('sends none that is larger than one already sent', async () => {
    await bench.register({ c1: { expires_at: EXPIRES } });
    await bench.check({ day: dayBefore(5) });
    expect((await bench.check({ day: dayBefore(25) })).reminders_sent).toBe(0);
    expect(await thresholdsSent()).toEqual([7]);
  });

  it('sends nothing a second time on the same day, and all anew after a renewal', async () => {
    await bench.register({ c1: { expires_at: EXPIRES }, c2: { expires_at: EXPIRES } });
    expect((await bench.check({ day: dayBefore(14) })).reminders_sent).toBe(2);
    expect((await bench.check({ day: dayBefore(14) })).reminders_sent).toBe(0);
    await bench.register({ c1: { expires_at: '2027-06-30' } });
    expect((await bench.check({ day: '2027-06-16' })).reminders_sent).toBe(1);
  });

  it('says in the reminder what it is about', async () => {
    await bench.register({ c1: { expires_at: EXPIRES, mentor_id: 'm1' } });
    await bench.check({ day: dayBefore(12), run_id: 'run-1' });
    expect((await bench.reminders()).map(({ data }) => data)).toEqual([
      {
        cron_id: 'cron-1',
        run_id: 'run-1',
        mentor_id: 'm1',
        certification_id: 'c1',
        type: null,
        expires_at: EXPIRES,
        threshold_days: 14,
        days_left: 12,
        requested_at: '2026-03-26T02:00:00.000Z',
      },
    ]);
  });
});

describe('days are those of the job’s zone', () => {
  it.each([
    // A date is that day wherever one is; the day of the run depends on the zone.
    ['2026-06-30', '2026-06-29T18:29:59Z', 'Asia/Kolkata', 1],
    ['2026-06-30', '2026-06-29T18:30:00Z', 'Asia/Kolkata', 0],
    ['2026-06-30', '2026-06-29T09:59:59Z', 'Pacific/Kiritimati', 1],
    ['2026-06-30', '2026-06-29T10:00:00Z', 'Pacific/Kiritimati', 0],
    ['2026-06-30', '2026-06-30T09:59:59Z', 'Pacific/Pago_Pago', 1],
    ['2026-06-30', '2026-06-30T11:00:00Z', 'Pacific/Pago_Pago', 0],
    // An instant falls on another day in another zone.
    ['2026-06-29T18:29:59Z', '2026-06-28T12:00:00Z', 'Asia/Kolkata', 1],
    ['2026-06-29T18:30:00Z', '2026-06-29T12:00:00Z', 'Asia/Kolkata', 1],
    ['2026-06-30T00:00:00+05:30', '2026-06-29T18:30:00Z', 'Asia/Kolkata', 0],
    ['2026-06-29T09:59:59.999Z', '2026-06-28T09:00:00Z', 'Pacific/Kiritimati', 1],
    ['2026-06-29T10:00:00Z', '2026-06-29T09:00:00Z', 'Pacific/Kiritimati', 1],
    ['2026-06-29T10:00:00Z', '2026-06-29T09:00:00Z', 'UTC', 0],
    // The clocks change on the days between.
    ['2026-03-30', '2026-03-28T23:30:00Z', 'Europe/Berlin', 1],
    ['2026-11-02T04:30:00Z', '2026-11-01T03:30:00Z', 'America/New_York', 1],
  ])(
    'an expiry of %s, checked at %s in %s, is %i days away',
    async (expires_at, day, time_zone, daysLeft) => {
      await bench.register({ c1: { expires_at } });
      await bench.check({ day, rules: { time_zone } });
      const [reminder] = await bench.reminders();
      expect(reminder?.data).toMatchObject({ days_left: daysLeft, threshold_days: daysLeft, expires_at });
    },
  );
});
