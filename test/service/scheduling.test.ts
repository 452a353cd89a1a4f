import { afterEach, describe, expect, it } from '@jest/globals';
import type { Adapters } from '../../src/ports/adapters.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { certificationOf } from '../support/sample-documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *' };
const CERTIFICATIONS = [
  certificationOf({ certification_id: 'c1', mentor_id: 'm1', expires_at: '2026-04-01' }),
  certificationOf({ certification_id: 'c2', mentor_id: 'm2', expires_at: '2027-04-01' }),
];
const running: RunningApp[] = [];

async function start(
  folder: string,
  clock: VirtualClock,
  overrides: Partial<Adapters> = {},
): Promise<RunningApp> {
  const service = await startApp({ DATA_DIR: folder, ALLOW_SECONDS: 'true' }, { clock, ...overrides });
  running.push(service);
  return service;
}

async function stop(service: RunningApp): Promise<void> {
  running.splice(running.indexOf(service), 1);
  await service.app.stop();
}

async function runsOf(service: RunningApp, id: string): Promise<any[]> {
  return (await service.call('GET', `/${id}/runs?limit=100`)).body.data;
}

afterEach(async () => {
  for (const service of [...running]) await stop(service);
});

describe('the scheduler', () => {
  it('fires at the minute, in the zone of the job', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:20.000Z');
    const service = await start(temporaryFolder(), clock);
    await service.app.adapters.registry.upsert(CERTIFICATIONS, 'test');
    const { body: minutely } = await service.call('POST', '', {
      ...JOB,
      cron_expression: '* * * * *',
      time_zone: 'Asia/Kolkata',
    });
    const { body: daily } = await service.call('POST', '', {
      ...JOB,
      cron_expression: '32 15 * * *',
      time_zone: 'Asia/Kolkata',
    });
    await clock.advanceTo('2026-03-26T10:03:30.000Z');

    const runs = await runsOf(service, minutely.id);
    expect(runs.map(({ slot }) => slot)).toEqual([
      '2026-03-26T10:03:00Z',
      '2026-03-26T10:02:00Z',
      '2026-03-26T10:01:00Z',
    ]);
    expect(runs.map(({ late_by_ms }) => late_by_ms)).toEqual([0, 0, 0]);
    expect(runs.map(({ result }) => result?.reminders_sent)).toEqual([0, 0, 1]);
    expect((await runsOf(service, daily.id)).map(({ slot }) => slot)).toEqual(['2026-03-26T10:02:00Z']);
  });

  it('runs a slot once and late when the service was down at its time', async () => {
    const folder = temporaryFolder();
    const clock = createVirtualClock('2026-03-26T22:00:00.000Z');
    const before = await start(folder, clock);
    const { body: job } = await before.call('POST', '', JOB);
    await clock.advance(1_000);
    await stop(before);
    clock.skipTo('2026-03-27T02:30:00.000Z');
    const after = await start(folder, clock);
    await clock.advance(1_000);

    const [run, ...more] = await runsOf(after, job.id);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ slot: '2026-03-27T02:00:00Z', late_by_ms: 1_800_000, status: 'success' });
  });

  it('sleeps longer than a timer can', async () => {
    const clock = createVirtualClock('2026-03-26T22:00:00.000Z');
    const service = await start(temporaryFolder(), clock);
    const { body: job } = await service.call('POST', '', { ...JOB, cron_expression: '0 0 1 6 *' });
    expect(job.next_run_at).toBe('2026-06-01T00:00:00Z');
    await clock.advance(60_000);
    expect(await runsOf(service, job.id)).toEqual([]);
  });

  it('does not fire a slot again when the clock is set back', async () => {
    const clock = createVirtualClock('2026-03-27T01:59:59.000Z');
    const service = await start(temporaryFolder(), clock);
    const { body: job } = await service.call('POST', '', JOB);
    await clock.advance(2_000);
    expect(await runsOf(service, job.id)).toHaveLength(1);
    clock.step(-120_000);
    await clock.advance(180_000);
    expect(await runsOf(service, job.id)).toHaveLength(1);
  });

  it('notices within a second that the clock was set on a little', async () => {
    const clock = createVirtualClock('2026-03-27T01:58:00.000Z');
    const service = await start(temporaryFolder(), clock);
    const { body: job } = await service.call('POST', '', JOB);
    clock.step(119_000);
    await clock.advance(1_500);
    expect(await runsOf(service, job.id)).toHaveLength(1);
  });

  it('goes on by its own count when the clock leaps, says so once, and follows it when it is right', async () => {
    const clock = createVirtualClock('2026-03-27T01:00:00.000Z');
    const service = await start(temporaryFolder(), clock);
    const { body: job } = await service.call('POST', '', { ...JOB, cron_expression: '* * * * *' });
    const { body: other } = await service.call('POST', '', { ...JOB, cron_expression: '30 * * * *' });
    await clock.advance(1_000);
    clock.step(86_400_000);
    await clock.advance(70_000);
    await service.call('PUT', `/${other.id}`, { cron_expression: '*/2 * * * *' });
    await clock.advance(60_000);
    clock.step(-86_400_000);
    await clock.advance(120_000);
    const minutes = [1, 2, 3, 4].map((minute) => `2026-03-27T01:0${minute}:00Z`);
    expect((await runsOf(service, job.id)).map(({ slot }) => slot).reverse()).toEqual(minutes);
    expect((await runsOf(service, other.id)).map(({ slot }) => slot)).toEqual([minutes[3], minutes[1]]);
    const told = service.logged.filter(({ message }) => message.startsWith('wall clock'));
    expect(told.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('takes the end of a suspension of the machine for what it is', async () => {
    const clock = createVirtualClock('2026-03-27T01:00:00.000Z');
    const service = await start(temporaryFolder(), clock);
    const { body: job } = await service.call('POST', '', JOB);
    clock.suspend(3_600_000);
    await clock.advance(2_000);
    expect(await runsOf(service, job.id)).toMatchObject([{ slot: '2026-03-27T02:00:00Z' }]);
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('starts all jobs that are due in the same second', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const service = await start(temporaryFolder(), clock);
    const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
    const config = { name: 'many', cron_expression: '1 10 * * *' };
    await service.app.commands.handleAll(
      Array.from({ length: 3_000 }, (_, index) => ({
        cronId: `cron-${index}`,
        command: { type: 'ScheduleCronJob' as const, config },
        cause,
      })),
    );
    await clock.advanceTo('2026-03-26T10:01:30.000Z');
    const started: string[] = [];
    for (let index = 0; index < 3_000; index++) {
      const events = await service.app.adapters.log.readStream(`cronJob-cron-${index}`, {
        direction: 'forwards',
        limit: 10,
      });
      started.push(
        events
          .filter(({ type }) => type === 'RunStarted')
          .map(({ data }) => String(data.slot))
          .join(),
      );
    }
    expect(new Set(started)).toEqual(new Set(['2026-03-26T10:01:00.000Z']));
  });
});

describe('the watchdog', () => {
  it('leaves a run to its worker when the clock leaps and is set right again', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const folder = temporaryFolder();
    const registry = {
      upsert: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      removeAllBut: () => Promise.resolve(0),
      find: () => Promise.resolve(undefined),
      list: () => Promise.resolve([]),
      summary: () =>
        Promise.resolve({
          total: 2,
          by_status: { active: 2, suspended: 0, withdrawn: 0 },
          last_changed_at: '2026-03-26T10:00:00.000Z',
        }),
      close: () => Promise.resolve(),
      async *pages() {
        await held;
        yield CERTIFICATIONS;
      },
      pagesOf: () => registry.pages(),
    };
    const service = await start(folder, clock, { registry });
    const { body: job } = await service.call('POST', '', JOB);
    await service.call('POST', `/${job.id}/execute`);
    await clock.advance(100);
    clock.step(7_200_000);
    release();
    await clock.advance(2_000);
    clock.step(-7_200_000);
    await clock.advance(5_000);
    expect((await runsOf(service, job.id))[0]).toMatchObject({
      status: 'success',
      result: { mentors_checked: 2, reminders_sent: 1, errors: 0 },
    });
  });

  it('times out a run whose worker does not come back, and takes no late result', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const folder = temporaryFolder();
    const plain = await start(folder, clock);
    const registry = {
      ...plain.app.adapters.registry,
      async *pages() {
        await held;
        yield CERTIFICATIONS;
      },
    };
    await stop(plain);
    const service = await start(folder, clock, { registry: { ...registry, close: () => Promise.resolve() } });
    const { body: job } = await service.call('POST', '', { ...JOB, timeout_seconds: 60 });
    const { body: run } = await service.call('POST', `/${job.id}/execute`);
    await clock.advance(59_000);
    expect((await service.call('GET', `/${job.id}`)).body.last_run_status).toBe('running');
    await clock.advance(2_000);
    expect((await runsOf(service, job.id))[0]).toMatchObject({
      run_id: run.run_id,
      status: 'failed',
      error: { code: 'timed_out' },
    });
    release();
    await clock.advance(1_000);
    const events = await service.app.adapters.log.readStream(`cronJob-${job.id}`, {
      direction: 'forwards',
      limit: 10,
    });
    expect(events.map(({ type }) => type)).toEqual(['CronJobScheduled', 'RunStarted', 'RunCompleted']);
  });
});
