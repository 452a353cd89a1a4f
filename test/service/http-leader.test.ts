import { afterEach, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const running: RunningApp[] = [];

async function start(folder: string, clock: VirtualClock, instance: string): Promise<RunningApp> {
  const service = await startApp({ DATA_DIR: folder }, { clock, instance });
  running.push(service);
  await clock.advance(50);
  return service;
}

async function metricsOf(service: RunningApp): Promise<Map<string, number>> {
  const response = await fetch(`${service.address}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

async function stop(service: RunningApp, clock: VirtualClock): Promise<void> {
  running.splice(running.indexOf(service), 1);
  const stopping = service.app.stop();
  await clock.advance(15_000);
  await stopping;
}

afterEach(async () => {
  for (const service of running.splice(0)) await service.app.stop();
});

describe('two instances on one log', () => {
  it('agree on who leads, and say so', async () => {
    const [folder, clock] = [temporaryFolder(), createVirtualClock('2026-03-26T10:00:00.000Z')];
    const first = await start(folder, clock, 'first');
    const second = await start(folder, clock, 'second');
    const held = { status: 'held', holder: 'first', term: 1, since: '2026-03-26T10:00:00Z' };
    const answers = [await first.call('GET', '/leader'), await second.call('GET', '/leader')];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, { instance: 'first', leading: true, ...held }],
      [200, { instance: 'second', leading: false, ...held }],
    ]);
    expect((await first.call('POST', '/leader', {})).body.code).toBe('method_not_allowed');

    await stop(first, clock);
    expect((await second.call('GET', '/leader')).body).toMatchObject({
      leading: true,
      holder: 'second',
      term: 2,
    });
    expect((await second.call('GET', `${second.address}/readyz`)).body.role).toBe('leader');
  });

  it('know at once what the other one has written', async () => {
    const [folder, clock] = [temporaryFolder(), createVirtualClock('2026-03-26T10:00:10.000Z')];
    const first = await start(folder, clock, 'first');
    const second = await start(folder, clock, 'second');
    // No time passes, so neither has followed the log up to the other's events.
    const { body } = await first.call('POST', '', { name: 'hourly', cron_expression: '0 * * * *' });
    const slots = async (service: RunningApp): Promise<string[]> =>
      (await service.call('GET', `/${body.id}/next?count=1`)).body.data.map(
        ({ slot }: { slot: string }) => slot,
      );
    expect(await slots(second)).toEqual(['2026-03-26T11:00:00Z']);
    await second.call('PUT', `/${body.id}`, { cron_expression: '30 * * * *' });
    expect(await slots(first)).toEqual(['2026-03-26T10:30:00Z']);
    expect((await first.call('GET', `/${body.id}`)).body.cron_expression).toBe('30 * * * *');
  });

  it('only the leader starts runs, and the other goes on at once when it stops', async () => {
    const [folder, clock] = [temporaryFolder(), createVirtualClock('2026-03-26T10:00:10.000Z')];
    const first = await start(folder, clock, 'first');
    const second = await start(folder, clock, 'second');
    const job = { name: 'minutely', cron_expression: '* * * * *' };
    const { body } = await second.call('POST', '', job);
    await clock.advance(100_000);
    const [metricsOfFirst, metricsOfSecond] = [await metricsOf(first), await metricsOf(second)];
    const started = 'certification_cron_slot_lateness_seconds_count';
    expect([metricsOfFirst.get(started), metricsOfSecond.get(started)]).toEqual([1, 0]);

    await stop(first, clock);
    await clock.advance(40_000);
    const runs = (await second.call('GET', `/${body.id}/runs`)).body.data as Record<string, unknown>[];
    expect(runs.map(({ slot, late_by_ms }) => [slot, late_by_ms])).toEqual([
      ['2026-03-26T10:02:00Z', 0],
      ['2026-03-26T10:01:00Z', 0],
    ]);
    expect((await metricsOf(second)).get(started)).toBe(1);
  });
});

describe('metrics', () => {
  it('tell who leads, what runs, how late slots are and how far the followers of the log have come', async () => {
    const [folder, clock] = [temporaryFolder(), createVirtualClock('2026-03-26T10:00:10.000Z')];
    const first = await start(folder, clock, 'first');
    const second = await start(folder, clock, 'second');
    await first.call('POST', '', { name: 'minutely', cron_expression: '* * * * *' });
    await clock.advance(60_000);
    const leading = await metricsOf(first);
    const name = (metric: string): string => `certification_cron_${metric}`;
    expect(leading.get(name('leader'))).toBe(1);
    expect(leading.get(name('leader_term'))).toBe(1);
    expect(leading.get(name('leader_changes_total'))).toBe(0);
    expect(leading.get(name('runs_in_progress'))).toBe(0);
    expect(leading.get(name('slot_lateness_seconds_bucket{le="0.01"}'))).toBe(1);
    expect(leading.get(name('lag_seconds{follower="jobs"}'))).toBe(0);
    expect(leading.get(name('lag_seconds{follower="reminders"}'))).toBe(0);
    for (const dependency of ['event_log', 'read_store', 'registry', 'message_bus'])
      expect(leading.get(name(`dependency_up{dependency="${dependency}"}`))).toBe(1);
    expect(leading.get('process_cpu_user_seconds_total')).toBeGreaterThan(0);

    await stop(first, clock);
    const after = await metricsOf(second);
    expect(after.get(name('leader'))).toBe(1);
    expect(after.get(name('leader_changes_total'))).toBe(1);
  });

  it('have no lag for followers that another instance has', async () => {
    const [folder, clock] = [temporaryFolder(), createVirtualClock('2026-03-26T10:00:10.000Z')];
    await start(folder, clock, 'first');
    const names = [...(await metricsOf(await start(folder, clock, 'second'))).keys()];
    expect(names.filter((metric) => metric.includes('lag_seconds{follower'))).toEqual([]);
  });
});
