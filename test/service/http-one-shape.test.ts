import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *' };

let clock: VirtualClock;
let service: RunningApp;
let DATA_DIR = '';

beforeEach(async () => {
  DATA_DIR = temporaryFolder();
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  service = await startApp({ DATA_DIR }, { clock });
});
afterEach(async () => {
  await service.app.stop();
});

const get = async (id: string) => (await service.call('GET', `/${id}`)).body;

async function withARun(): Promise<Record<string, any>> {
  const { id } = (await service.call('POST', '', JOB)).body;
  await service.call('POST', `/${id}/execute`);
  await clock.advance(5_000);
  const job = await get(id as string);
  expect(job.last_run_result).toMatchObject({ mentors_checked: 0, reminders_sent: 0, errors: 0 });
  expect(job.warnings).toMatchObject([{ code: 'registry_empty', field: 'last_run_result' }]);
  return job;
}

it('a job has one shape in every answer', async () => {
  const created = (await service.call('POST', '', JOB)).body;
  const { id } = created;
  expect(created).toEqual(await get(id as string));
  expect((await service.call('GET', '')).body.data).toEqual([created]);
  const job = await withARun();
  const updated = (await service.call('PUT', `/${job.id}`, { enabled: false })).body;
  expect(Object.keys(updated)).toEqual(Object.keys(created));
  expect(updated).toMatchObject({ status: 'disabled', next_run_at: null, last_run_status: 'success' });
  expect(updated).toEqual(await get(job.id as string));
});

describe('what an answer has shown of a job', () => {
  it('may be sent back, and changes nothing', async () => {
    const job = await withARun();
    await clock.advance(60_000);
    const events = async () =>
      (
        await service.app.adapters.log.readStream(jobStream(job.id as string), {
          direction: 'forwards',
          limit: 9,
        })
      ).length;
    const before = await events();
    expect(before).toBe(3);
    expect(await service.call('PUT', `/${job.id}`, job)).toMatchObject({ status: 200, body: job });
    expect(await events()).toBe(before);
  });

  it('may be sent back with a change, also when the job has run meanwhile', async () => {
    const job = await withARun();
    await clock.advance(60_000);
    await service.call('POST', `/${job.id}/execute`);
    await clock.advance(5_000);
    const { status, body } = await service.call('PUT', `/${job.id}`, {
      ...job,
      cron_expression: '0 3 * * *',
    });
    expect([status, body.next_run_at]).toEqual([200, '2026-03-27T03:00:00Z']);
    for (const enabled of [false, true]) {
      const read = await get(job.id as string);
      const { status: taken, body: toggled } = await service.call('PUT', `/${job.id}`, { ...read, enabled });
      expect([taken, toggled.status]).toEqual([200, enabled ? 'active' : 'disabled']);
    }
  });

  it.each([
    ['id', 'cron-other'],
    ['created_at', '2020-01-01T00:00:00Z'],
    ['created_at', 'yesterday'],
    ['status', 'off'],
    ['last_run_at', 'yesterday'],
    ['last_run_status', 'good'],
    ['last_run_result', { mentors_checked: 1 }],
    ['next_run_at', 5],
    ['warnings', 'none'],
  ])('is refused where nothing can have shown it: %s %j', async (field, value) => {
    const job = await withARun();
    const { status, body } = await service.call('PUT', `/${job.id}`, { ...job, [field]: value });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('may have its times written otherwise', async () => {
    const job = await withARun();
    const inMs = (text: string): string => new Date(text).toISOString();
    const other = {
      ...job,
      created_at: inMs(job.created_at as string),
      updated_at: '2026-03-26T12:00:00+02:00',
    };
    expect((await service.call('PUT', `/${job.id}`, other)).status).toBe(200);
  });

  it.each(['next_run_at', 'status'])('is no order when it stands alone: %s', async (field) => {
    const job = await withARun();
    const { status, body } = await service.call('PUT', `/${job.id}`, { [field]: job[field] });
    expect([status, body.errors]).toEqual([
      400,
      [{ field, message: expect.stringContaining('is read-only') }],
    ]);
  });
});

describe('a job whose expression and zone an earlier version has accepted', () => {
  const old = { name: 'old', cron_expression: '0 2 1 JANFEB *', time_zone: 'BST' };
  const id = 'cron-old';

  beforeEach(async () => {
    await service.app.stop();
    clock = createVirtualClock('2026-11-30T19:59:00.000Z');
    service = await startApp({ DATA_DIR }, { clock });
    const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
    await service.app.commands.handle({
      cronId: id,
      command: { type: 'ScheduleCronJob', config: old },
      cause,
    });
    await service.app.stop();
    service = await startApp({ DATA_DIR }, { clock });
  });

  it('is named by the list and by a WARN at the start, and goes on', async () => {
    const [job] = (await service.call('GET', '')).body.data;
    expect(job).toMatchObject({ status: 'active', next_run_at: '2026-11-30T20:00:00Z' });
    expect(job.warnings).toMatchObject([{ field: 'cron_expression' }, { field: 'time_zone' }]);
    expect(service.logged).toContainEqual({
      level: 'warn',
      fields: { jobs: 1, cron_ids: [id] },
      message: 'jobs keep an expression or a time zone that would be refused today',
    });
    await clock.advance(65_000);
    const { data } = (await service.call('GET', `/${id}/runs`)).body;
    expect(data).toMatchObject([{ slot: '2026-11-30T20:00:00Z', status: 'success' }]);
  });

  it('may be changed while these stay as they are, and only then', async () => {
    const job = await get(id);
    expect(await service.call('PUT', `/${id}`, { ...job, description: 'kept' })).toMatchObject({
      status: 200,
      body: { ...old, description: 'kept' },
    });
    const other = { ...old, cron_expression: '0 2 1 FEBJAN *' };
    expect((await service.call('PUT', `/${id}`, { cron_expression: other.cron_expression })).status).toBe(
      400,
    );
    expect(
      (await service.call('PUT', `/${id}`, { time_zone: 'bst', cron_expression: ` ${old.cron_expression}` }))
        .body,
    ).toMatchObject(old);
    expect((await service.call('PUT', `/${id}`, { time_zone: 'IST' })).status).toBe(400);
    expect((await service.call('POST', '', old)).status).toBe(400);
    const mended = { cron_expression: '0 2 1 2 *', time_zone: 'Asia/Dhaka' };
    expect((await service.call('PUT', `/${id}`, mended)).body).toMatchObject({ ...mended, warnings: [] });
  });
});
