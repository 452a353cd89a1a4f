import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

let service: RunningApp;
let clock: VirtualClock;
let hourly: string;

/** An hourly job that is changed, disabled, enabled and deleted, in New York over the gap of 8 March. */
beforeAll(async () => {
  clock = createVirtualClock('2026-03-08T03:30:00.000Z');
  // Hours of time that is moved: a log in memory is not looked at for writes of others, a long lease is seldom renewed.
  const log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  service = await startApp({ DATA_DIR: temporaryFolder(), LEASE_MS: '600000' }, { clock, log });
  const job = { name: 'hourly', cron_expression: '0 * * * *', time_zone: 'America/New_York' };
  hourly = (await service.call('POST', '', job)).body.id as string;
  await clock.advanceTo('2026-03-08T06:15:00.000Z');
  await service.call('PUT', `/${hourly}`, { cron_expression: '30 * * * *' });
  await clock.advanceTo('2026-03-08T08:00:00.000Z');
  await service.call('PUT', `/${hourly}`, { enabled: false });
  await clock.advanceTo('2026-03-08T10:00:00.000Z');
  await service.call('PUT', `/${hourly}`, { enabled: true });
  await clock.advanceTo('2026-03-08T11:00:00.000Z');
});

afterAll(() => service.app.stop());

const slots = async (query: string, id = hourly) => service.call('GET', `/${id}/slots${query}`);
const DAY = '?from=2026-03-08T00:00:00Z&to=2026-03-08T13:00:00Z';

describe('GET /:id/slots', () => {
  it('lists what was owed, what became of it, and what is to come', async () => {
    const { status, body } = await slots(DAY);
    expect(status).toBe(200);
    expect((body.data as any[]).map(({ slot, outcome }) => `${slot.slice(11, 16)} ${outcome}`)).toEqual([
      '04:00 started',
      '05:00 started',
      '06:00 started',
      '06:30 started',
      '07:30 started',
      '10:30 started',
      '11:30 upcoming',
      '12:30 upcoming',
    ]);
    expect(body).toMatchObject({ cron_id: hourly, next_from: null });
  });

  it('says which schedule was in force when, and when none was', async () => {
    const { body } = await slots(DAY);
    expect(
      (body.periods as any[]).map(({ state, cron_expression }) => `${state} ${cron_expression}`),
    ).toEqual(['active 0 * * * *', 'active 30 * * * *', 'disabled 30 * * * *', 'active 30 * * * *']);
    expect(body.periods[0].until).toBe(body.periods[1].after);
    expect(body.periods[3].until).toBeNull();
  });

  it('goes on where the page ends', async () => {
    const found: string[] = [];
    let from: string | null = '2026-03-08T00:00:00Z';
    while (from !== null) {
      const { body } = await slots(`?from=${from}&to=2026-03-08T13:00:00Z&limit=3`);
      expect(body.data.length).toBeLessThanOrEqual(3);
      found.push(...(body.data as any[]).map(({ slot }) => slot as string));
      from = body.next_from as string | null;
    }
    expect(found).toEqual((await slots(DAY)).body.data.map(({ slot }: any) => slot));
  });

  it('takes the last seven days when no range is given', async () => {
    const { body } = await slots('');
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(7 * 86_400_000);
    expect(body.data).toHaveLength(6);
  });

  it.each([
    ['from', '?from=yesterday'],
    ['to', '?from=2026-03-08T00:00:00Z&to=2026-03-08T00:00:00Z'],
    ['limit', '?limit=101'],
    ['until', '?until=2026-03-08T00:00:00Z'],
  ])('refuses what it cannot use, and names %s', async (field, query) => {
    const { status, body } = await slots(query);
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe(field);
  });

  it('answers 404 for a job that never was, and keeps the history of a deleted one', async () => {
    expect((await slots('', 'cron-never')).status).toBe(404);
    const job = (await service.call('POST', '', { name: 'x', cron_expression: '* * * * *' })).body
      .id as string;
    await clock.advance(60_000);
    await service.call('DELETE', `/${job}`, { reason: 'over' });
    const { status, body } = await slots('', job);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(1);
    expect(body.periods.at(-1).state).toBe('deleted');
  });

  it('allows GET and HEAD only', async () => {
    const { status, headers } = await service.call('POST', `/${hourly}/slots`, {});
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});
