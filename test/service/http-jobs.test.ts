import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *' };
const WRITES = 200;

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});

afterAll(() => service.app.stop());

async function create(config: object = {}): Promise<string> {
  return String((await service.call('POST', '', { ...JOB, ...config })).body.id);
}

describe('a change of a job', () => {
  it('leaves alone what it does not name', async () => {
    const config = {
      name: 'with everything',
      cron_expression: '30 4 * * 1',
      time_zone: 'Asia/Kolkata',
      description: 'weekly',
      misfire_grace_seconds: 5,
      catchup_policy: 'all',
      catchup_window_seconds: 600,
      concurrency_policy: 'allow',
      timeout_seconds: 77,
      reminder_thresholds: [60, 7, 0, -3],
      select: { types: null, labels: ['north', 'south'] },
      max_reminders: 0,
    };
    const id = await create(config);
    await service.call('PUT', `/${id}`, { name: 'renamed' });
    expect((await service.call('GET', `/${id}`)).body).toMatchObject({
      ...config,
      name: 'renamed',
      status: 'active',
    });
    await service.call('PUT', `/${id}`, { description: null });
    expect((await service.call('GET', `/${id}`)).body).toMatchObject({
      ...config,
      name: 'renamed',
      description: null,
    });
  });

  it.each([
    [{}],
    [{ name: JOB.name }],
    [{ ...JOB, enabled: true }],
    [{ reason: 'only a reason' }],
    [{ select: {} }],
  ])('that changes nothing is 200 and writes nothing: %j', async (body) => {
    const id = await create();
    const { log } = service.app.adapters;
    const before = await log.head();
    const { status, body: answered } = await service.call('PUT', `/${id}`, body);
    expect(status).toBe(200);
    expect(answered).toMatchObject({ id, ...JOB, status: 'active' });
    expect(await log.head()).toBe(before);
  });

  it.each([
    [{ reminder_thresholds: [-3, 60, 0] }],
    [{ select: { labels: ['south', 'north'] } }],
    [{ select: { labels: ['north', 'south'], types: null } }],
  ])('that only puts the rules in another order is none: %j', async (body) => {
    const rules = { reminder_thresholds: [0, -3, 60], select: { labels: ['north', 'south'] } };
    const id = await create(rules);
    const { log } = service.app.adapters;
    const before = await log.head();
    expect((await service.call('PUT', `/${id}`, body)).body).toMatchObject({
      reminder_thresholds: [60, 0, -3],
      select: { types: null, labels: ['north', 'south'] },
    });
    expect(await log.head()).toBe(before);
  });

  it('takes the rules back', async () => {
    const id = await create({ reminder_thresholds: [7], select: { types: ['a'] }, max_reminders: 1 });
    const none = { reminder_thresholds: null, select: null, max_reminders: null };
    expect((await service.call('PUT', `/${id}`, none)).body).toMatchObject(none);
    expect((await service.call('GET', `/${id}`)).body).toMatchObject(none);
  });

  it('disables and enables', async () => {
    const id = await create();
    const disabled = { id, status: 'disabled', next_run_at: null };
    expect((await service.call('PUT', `/${id}`, { enabled: false })).body).toMatchObject(disabled);
    expect((await service.call('GET', `/${id}`)).body).toMatchObject(disabled);
    expect((await service.call('PUT', `/${id}`, { enabled: true })).body).toMatchObject({
      status: 'active',
      next_run_at: expect.stringMatching(/T02:00:00Z$/),
    });
  });

  it('may be its creation, disabled from the start', async () => {
    const { status, body } = await service.call('POST', '', { ...JOB, enabled: false });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'disabled', next_run_at: null });
  });
});

describe('a deleted job', () => {
  it('is not found any more, but its runs are', async () => {
    const id = await create();
    await service.call('POST', `/${id}/execute`, { dry_run: true });
    await service.call('DELETE', `/${id}`);
    const answers = await Promise.all([
      service.call('GET', `/${id}`),
      service.call('PUT', `/${id}`, { name: 'again' }),
      service.call('POST', `/${id}/execute`),
      service.call('DELETE', `/${id}`),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body.code).toBe('cron_job_not_found');
      expect(body.detail).toBe(`${id} is deleted; POST /${id}/restore brings it back`);
    }
    const runs = await service.call('GET', `/${id}/runs`);
    expect(runs.status).toBe(200);
    expect(runs.body.pagination.total).toBe(1);
    const listed = (await service.call('GET', '?limit=100')).body.data as { id: string }[];
    expect(listed.map((job) => job.id)).not.toContain(id);
  });
});

it(`shows what was written, right after it was written, ${WRITES} times`, async () => {
  let { total } = (await service.call('GET', '')).body.pagination;
  for (let turn = 0; turn < WRITES; turn++) {
    const id = await create();
    expect((await service.call('GET', `/${id}`)).body.id).toBe(id);
    expect((await service.call('GET', '')).body.pagination.total).toBe(++total);

    const name = `renamed ${turn}`;
    await service.call('PUT', `/${id}`, { name });
    expect((await service.call('GET', `/${id}`)).body.name).toBe(name);

    await service.call('DELETE', `/${id}`);
    expect((await service.call('GET', `/${id}`)).status).toBe(404);
    expect((await service.call('GET', '')).body.pagination.total).toBe(--total);
  }
});
