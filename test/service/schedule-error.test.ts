import { afterEach, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock } from '../support/virtual-clock.js';

let service: RunningApp | undefined;

afterEach(() => service?.app.stop());

it('a job whose schedule cannot be computed any more says so, until it is changed; all others go on', async () => {
  const folder = temporaryFolder();
  const clock = createVirtualClock('2026-03-26T10:00:30.000Z');
  service = await startApp({ DATA_DIR: folder, ALLOW_SECONDS: 'true' }, { clock });
  const job = { name: 'job', cron_expression: '0 * * * * *' };
  const { body: broken } = await service.call('POST', '', job);
  const { body: sound } = await service.call('POST', '', { ...job, cron_expression: '* * * * *' });
  await service.app.stop();
  service = await startApp({ DATA_DIR: folder }, { clock });
  await clock.advanceTo('2026-03-26T10:02:30.000Z');

  const { body: details } = await service.call('GET', `/${broken.id}`);
  expect(details).toMatchObject({ status: 'schedule_error', next_run_at: null });
  expect(details.schedule_error).toContain('cron_expression: 6 fields given');
  expect((await service.call('GET', `/${broken.id}/runs`)).body.data).toEqual([]);
  expect((await service.call('GET', `/${sound.id}/runs`)).body.data).toHaveLength(2);

  await service.call('PUT', `/${broken.id}`, { cron_expression: '* * * * *' });
  await clock.advanceTo('2026-03-26T10:03:30.000Z');
  expect((await service.call('GET', `/${broken.id}`)).body).toMatchObject({
    status: 'active',
    last_run_at: '2026-03-26T10:03:00Z',
  });
  const { body: ledger } = await service.call('GET', `/${broken.id}/slots`);
  expect((ledger.periods as { state: string }[]).map(({ state }) => state)).toEqual([
    'active',
    'schedule_error',
    'active',
  ]);
});
