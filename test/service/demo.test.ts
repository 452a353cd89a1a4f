import { afterEach, describe, expect, it } from '@jest/globals';
import { createExampleJob, importExample } from '../../src/demo/example.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp | undefined;

afterEach(async () => {
  await service?.app.stop();
  service = undefined;
});

/** As `npm run demo` does after a start. */
async function startDemo(DATA_DIR: string) {
  await service?.app.stop();
  const running = await startApp({ DATA_DIR });
  service = running;
  await importExample(running.app.adapters);
  const call: RunningApp['call'] = (...request) => running.call(...request);
  const idsOf = (body: Record<string, any>): string[] => (body.data as { id: string }[]).map(({ id }) => id);
  return {
    example: await createExampleJob(running.app),
    call,
    async ids() {
      return idsOf((await call('GET', '')).body);
    },
  };
}

describe('the demo', () => {
  it('reminds of three certifications on the day of its import, among 165 of 124 mentors', async () => {
    const { call } = await startDemo(temporaryFolder());
    expect((await service?.app.adapters.registry.summary())?.total).toBe(165);
    expect((await call('POST', '/cron-001/execute', { dry_run: false })).status).toBe(202);
    const run = await eventually('the run has ended', async () => {
      const [newest] = (await call('GET', '/cron-001/runs')).body.data;
      return newest?.status !== 'running' && newest;
    });
    expect(run).toMatchObject({
      status: 'success',
      result: { mentors_checked: 124, reminders_sent: 3, errors: 0 },
    });
  });

  it('has its job again after each delete: under the next id, for none is used twice', async () => {
    const folder = temporaryFolder();
    const first = await startDemo(folder);
    expect(first.example).toEqual({ cronId: 'cron-001', deleted: [] });
    const again = await startDemo(folder);
    expect(again.example).toEqual({ cronId: 'cron-001', deleted: [] });

    expect((await again.call('DELETE', '/cron-001')).status).toBe(200);
    const other = { name: 'other', cron_expression: '0 3 * * *' };
    const { id } = (await again.call('POST', '', other)).body as { id: string };
    const second = await startDemo(folder);
    expect(second.example).toEqual({ cronId: 'cron-002', deleted: ['cron-001'] });
    expect(await second.ids()).toEqual([id, 'cron-002']);
    for (const path of ['/cron-002', '/cron-002/runs'])
      expect((await second.call('GET', path)).status).toBe(200);
    expect((await second.call('POST', '/cron-002/execute', { dry_run: true })).status).toBe(202);

    // A changed job is still the one of the example.
    await second.call('PUT', '/cron-002', { enabled: false, name: 'mine' });
    expect((await startDemo(folder)).example).toEqual(second.example);

    expect((await service?.call('DELETE', '/cron-002'))?.status).toBe(200);
    const third = await startDemo(folder);
    expect(third.example).toEqual({ cronId: 'cron-003', deleted: ['cron-001', 'cron-002'] });
    expect(await third.ids()).toEqual([id, 'cron-003']);
  });
});
