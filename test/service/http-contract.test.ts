import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { eventually } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { certificationOf } from '../support/sample-documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *', enabled: true };
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const CRON_ID = expect.stringMatching(/^cron-[A-Za-z0-9]{1,64}$/);
const RUN_ID = expect.stringMatching(/^run-/);

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  await service.app.adapters.registry.upsert(
    [certificationOf({ certification_id: 'c1', mentor_id: 'm1', expires_at: '2020-01-01' })],
    'test',
  );
});

afterAll(() => service.app.stop());

describe.each([
  ['the base path', BASE_PATH],
  ['the published path, which repeats its prefix', BASE_PATH + BASE_PATH],
])('the seven endpoints at %s', (_, base) => {
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    service.call(method, service.address + base + path, body);

  async function create(config: object = JOB): Promise<string> {
    const { status, body } = await call('POST', '', config);
    expect(status).toBe(201);
    return String(body.id);
  }

  async function runToItsEnd(id: string): Promise<Answer> {
    const executed = await call('POST', `/${id}/execute`, { dry_run: false });
    await eventually('the run ends', async () => {
      const { body } = await call('GET', `/${id}/runs`);
      return body.data[0]?.status === 'success';
    });
    return executed;
  }

  it('creates a job, and says where it is', async () => {
    const { status, headers, body } = await call('POST', '', JOB);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: CRON_ID,
      name: JOB.name,
      cron_expression: JOB.cron_expression,
      status: 'active',
      next_run_at: TIMESTAMP,
      created_at: TIMESTAMP,
    });
    expect(headers.get('location')).toBe(`${base}/${body.id}`);
    expect((await service.call('GET', service.address + String(headers.get('location')))).body.id).toBe(
      body.id,
    );
  });

  it('gives the details of a job that has never run', async () => {
    const id = await create();
    const { status, headers, body } = await call('GET', `/${id}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toMatchObject({
      id,
      name: JOB.name,
      cron_expression: JOB.cron_expression,
      status: 'active',
      last_run_at: null,
      last_run_status: null,
      last_run_result: null,
      next_run_at: TIMESTAMP,
      created_at: TIMESTAMP,
    });
  });

  it('executes the check at once, and tells of the run everywhere', async () => {
    const id = await create();
    const executed = await runToItsEnd(id);
    expect(executed.status).toBe(202);
    const { run_id } = executed.body;
    expect(executed.body).toMatchObject({
      run_id: RUN_ID,
      cron_id: id,
      triggered_at: TIMESTAMP,
      status: 'running',
    });
    const location = String(executed.headers.get('location'));
    expect(location).toBe(`${base}/${id}/runs/${run_id}`);
    expect((await service.call('GET', service.address + location)).body.run_id).toBe(run_id);

    const result = { mentors_checked: 1, reminders_sent: 0, errors: 0 };
    const runs = await call('GET', `/${id}/runs`);
    expect(runs.status).toBe(200);
    expect(runs.body).toMatchObject({
      data: [
        {
          run_id,
          cron_id: id,
          started_at: TIMESTAMP,
          completed_at: TIMESTAMP,
          status: 'success',
          result,
        },
      ],
      pagination: { page: 1, limit: 20, total: 1 },
    });
    expect((await call('GET', `/${id}`)).body).toMatchObject({
      last_run_at: executed.body.triggered_at,
      last_run_status: 'success',
      last_run_result: result,
    });
  });

  it('lists jobs', async () => {
    const id = await create();
    const { status, body } = await call('GET', '?limit=100');
    expect(status).toBe(200);
    expect(body.pagination).toEqual({ page: 1, limit: 100, total: body.data.length, next_cursor: null });
    for (const job of body.data) {
      expect(job).toMatchObject({
        id: CRON_ID,
        name: JOB.name,
        cron_expression: expect.stringMatching(/ \* \* \*$/),
        status: 'active',
        next_run_at: TIMESTAMP,
      });
    }
    expect(body.data.find((job: { id: string }) => job.id === id)).toMatchObject({
      last_run_at: null,
      last_run_status: null,
    });
  });

  it('updates a job', async () => {
    const id = await create();
    const { status, body } = await call('PUT', `/${id}`, { cron_expression: '0 3 * * *', enabled: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      cron_expression: '0 3 * * *',
      status: 'active',
      next_run_at: expect.stringMatching(/T03:00:00Z$/),
      updated_at: TIMESTAMP,
    });
  });

  it('deletes a job', async () => {
    const id = await create();
    const { status, body } = await call('DELETE', `/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({ deleted: true, id });
  });
});
