import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { jobStream } from '../../src/events/stream-names.js';
import { createJobHistory } from '../../src/history/job-history.js';
import { createPastJobs } from '../../src/http/past-jobs.js';
import type { SnapshotDocument } from '../../src/ports/read-models.js';
import type { Row } from '../../src/ports/read-store.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { append, sampleEvent } from '../support/sample-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

let service: RunningApp;
let clock: VirtualClock;
let often: string;
/** Of an earlier version, whose first configuration would be refused today. */
const OLD = 'cron-old';

beforeAll(async () => {
  clock = createVirtualClock('2026-03-08T03:59:00.250Z');
  const log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  const { metadata } = sampleEvent();
  const schema_version = 2;
  const lax = { ...defaultJobConfig, name: 'old', cron_expression: '0 2 * * *', timeout_seconds: 9_000_000 };
  const event = (type: string, data: object) => ({
    id: systemIds.uuid(),
    type,
    data: { cron_id: OLD, ...data },
    metadata: { ...metadata, schema_version },
  });
  await append(log, jobStream(OLD), 0, [
    event('CronJobScheduled', { ...lax, created_at: '2025-01-01T00:00:00.000Z' }),
    event('CronJobUpdated', {
      changes: { timeout_seconds: 60 },
      reason: null,
      updated_at: '2025-01-02T00:00:00.000Z',
    }),
  ]);
  service = await startApp({ DATA_DIR: temporaryFolder(), LEASE_MS: '600000' }, { clock, log });
  const job = { name: 'often', cron_expression: '*/2 * * * *' };
  often = (await service.call('POST', '', job)).body.id as string;
  await clock.advanceTo('2026-03-08T04:01:00.000Z');
  await service.call('PUT', `/${often}`, { cron_expression: '2 * * * *', description: 'later' });
  await clock.advanceTo('2026-03-08T04:03:00.000Z');
  await service.call('PUT', `/${often}`, { enabled: false });
  await clock.advanceTo('2026-03-08T04:04:00.000Z');
});

afterAll(() => service.app.stop());

const get = (path: string, id = often): Promise<Answer> => service.call('GET', `/${id}${path}`);
const typesOf = async (id: string): Promise<string[]> => {
  const { log } = service.app.adapters;
  const events = await log.readStream(jobStream(id), { direction: 'forwards', limit: 1_000 });
  return events.map(({ type }) => type);
};

function expectRefused({ status, body }: Answer, code: string, says: RegExp): void {
  expect({ status, code: body.code as string, detail: body.detail as string }).toEqual({
    status: { invalid_request: 400, not_deleted: 409 }[code] ?? 404,
    code,
    detail: expect.stringMatching(says),
  });
}

describe('GET /:id?as_of', () => {
  it('is the job as it was at a version, or by an instant', async () => {
    // Scheduled, a run started and completed, changed, a run, disabled.
    expect(await typesOf(often)).toEqual([
      ...['CronJobScheduled', 'RunStarted', 'RunCompleted', 'CronJobUpdated', 'RunStarted', 'RunCompleted'],
      'CronJobUpdated',
    ]);
    const created = await get('?as_of=1');
    expect(created).toMatchObject({ status: 200 });
    expect(created.body).toMatchObject({
      id: often,
      version: 1,
      as_of: '2026-03-08T03:59:00.250Z',
      cron_expression: '*/2 * * * *',
      enabled: true,
      description: null,
      status: 'active',
      deleted_at: null,
      next_run_at: '2026-03-08T04:00:00Z',
      last_run_at: null,
    });
    const asked = async (instant: string): Promise<unknown> => {
      const { version, next_run_at } = (await get(`?as_of=${instant}`)).body;
      return [version, next_run_at];
    };
    expect(await asked('2026-03-08T03:59:00.250Z')).toEqual([1, '2026-03-08T04:00:00Z']);
    expect(await asked('2026-03-08T03:59:59.999Z')).toEqual([1, '2026-03-08T04:00:00Z']);
    expect(await asked('2026-03-08T04:01:00Z')).toEqual([4, '2026-03-08T04:02:00Z']);
    expect(await asked('2026-03-08T04:03:30Z')).toEqual([7, null]);
    const { version, as_of, deleted_at, ...today } = (await get('?as_of=7')).body;
    expect({ version, as_of, deleted_at }).toEqual({
      version: 7,
      as_of: '2026-03-08T04:03:00.000Z',
      deleted_at: null,
    });
    expect(today).toEqual((await get('')).body);
  });

  it('may be sent back whole', async () => {
    const { body } = await get('?as_of=7');
    expect(await service.call('PUT', `/${often}`, body)).toMatchObject({ status: 200 });
    expect(await typesOf(often)).toHaveLength(7);
  });

  it.each([
    ['?as_of=8', 'invalid_request', /^as_of: must not be beyond 7, the newest version/],
    ['?as_of=2026-03-08T04:04:00.001Z', 'invalid_request', /not be in the future: it is 2026-03-08T04:04:00/],
    ['?as_of=0', 'invalid_request', /as_of: must be a version such as 17, or an RFC 3339 instant/],
    ['?as_of=yesterday', 'invalid_request', /as_of: must be a version/],
    ['?as_of=1&as_of=2', 'invalid_request', /as_of: must be a version/],
    ['?at=1', 'invalid_request', /at: is not known; allowed: as_of/],
    ['?as_of=2026-03-08T03:59:00Z', 'cron_job_not_found', /it was created at 2026-03-08T03:59:00.250Z/],
  ])('refuses %s', async (query, code, says) => {
    expectRefused(await get(query), code, says);
  });

  it('of a job that has never been is not found', async () => {
    expectRefused(await get('?as_of=1', 'cron-none'), 'cron_job_not_found', /there has never been/);
    expectRefused(await get('/diff?from=1', 'cron-none'), 'cron_job_not_found', /there has never been/);
  });
});

describe('GET /:id/diff', () => {
  it('says what has changed between two moments, in the order in which they are asked for', async () => {
    const { status, body } = await get('/diff?from=2026-03-08T04:00:30Z&to=4');
    expect(status).toBe(200);
    const description = { field: 'description', from: null, to: 'later' };
    const expression = { field: 'cron_expression', from: '*/2 * * * *', to: '2 * * * *' };
    expect(body).toEqual({
      cron_id: often,
      from: { version: 3, as_of: '2026-03-08T04:00:30.000Z' },
      to: { version: 4, as_of: '2026-03-08T04:01:00.000Z' },
      changes: [expression, description],
    });
    const enabled = { field: 'enabled', from: false, to: true };
    expect((await get('/diff?from=7&to=4')).body.changes).toEqual([enabled]);
    expect((await get('/diff?from=7')).body).toMatchObject({ to: { version: 7 }, changes: [] });
  });

  it('wants to know from when', async () => {
    expectRefused(await get('/diff'), 'invalid_request', /^from: must be a version/);
    expectRefused(await get('/diff?from=1&to=9'), 'invalid_request', /^to: must not be beyond 7/);
  });
});

describe('POST /:id/revert', () => {
  const revert = (body: object, id = often) => service.call('POST', `/${id}/revert`, body);

  it('takes up a configuration again, in one event that says so', async () => {
    const answer = await revert({ version: 2, reason: 'the change was wrong' });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toMatchObject({
      cron_expression: '*/2 * * * *',
      description: null,
      enabled: true,
      next_run_at: '2026-03-08T04:06:00Z',
    });
    expect((await get('')).body).toEqual(answer.body);
    const { log } = service.app.adapters;
    const [event] = await log.readStream(jobStream(often), { direction: 'forwards', from: 8, limit: 9 });
    expect(event).toMatchObject({
      type: 'CronJobUpdated',
      data: {
        changes: { cron_expression: '*/2 * * * *', description: null, enabled: true },
        reverted_to: 2,
        reason: 'the change was wrong',
      },
    });
    // It is so already.
    expect(await revert({ version: 1, reason: 'again' })).toMatchObject({ status: 200, body: answer.body });
    expect(await typesOf(often)).toHaveLength(8);
  });

  it.each([
    [{ reason: 'why' }, 'invalid_request', /^version: must be a whole number/],
    [{ version: 1 }, 'invalid_request', /^reason: must be a text that says why/],
    [{ version: 1, reason: ' ' }, 'invalid_request', /^reason: must be a text that says why/],
    [{ version: 99, reason: 'why' }, 'invalid_request', /^version: must not be beyond 8/],
  ])('refuses %j', async (body, code, says) => {
    expectRefused(await revert(body), code, says);
  });

  it('names the field that would be refused today', async () => {
    expectRefused(await revert({ version: 1, reason: 'why' }, OLD), 'invalid_request', /^timeout_seconds: /);
    expectRefused(await revert({ version: 1, reason: 'why' }, 'cron-none'), 'cron_job_not_found', /never/);
  });
});

describe('POST /:id/restore', () => {
  const restore = (id: string, reason = 'deleted by mistake') =>
    service.call('POST', `/${id}/restore`, { reason });

  it('brings a deleted job back with its history, and it owes nothing for the time between', async () => {
    const before = (await get('')).body;
    expectRefused(await restore(often), 'not_deleted', /is not deleted/);
    await service.call('DELETE', `/${often}`, { reason: 'tidying up' });
    expect(await get('')).toMatchObject({ status: 404 });
    expect((await get('?as_of=9')).body).toMatchObject({ deleted_at: '2026-03-08T04:04:00Z', version: 9 });
    expect(JSON.stringify((await get('?as_of=9')).body.warnings)).not.toContain('never_due');
    expect((await get('/diff?from=1')).body).toMatchObject({ to: { version: 9 }, changes: [] });
    const revertion = { version: 4, reason: 'why' };
    const refused = await service.call('POST', `/${often}/revert`, revertion);
    expectRefused(refused, 'cron_job_not_found', /restore brings it back/);
    await clock.advanceTo('2026-03-08T04:09:00.000Z');

    const answer = await restore(often);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.has('reads-lag')).toBe(false);
    expect(answer.body).toEqual({
      ...before,
      config_version: 10,
      updated_at: '2026-03-08T04:09:00Z',
      next_run_at: '2026-03-08T04:10:00Z',
    });
    expect((await get('')).body).toEqual(answer.body);
    const listed = (await service.call('GET', '')).body;
    expect(listed.pagination.total).toBe(2);
    expect(listed.data).toContainEqual(answer.body);
    await clock.advanceTo('2026-03-08T04:10:01.000Z');
    expect((await get('/runs')).body.data[0]).toMatchObject({
      slot: '2026-03-08T04:10:00Z',
      status: 'success',
    });
    const { body } = await get('/slots?from=2026-03-08T04:03:00Z&to=2026-03-08T04:11:00Z');
    expect(body.data).toMatchObject([{ slot: '2026-03-08T04:10:00Z', outcome: 'started' }]);
    expect((body.periods as { state: string }[]).map(({ state }) => state)).toEqual([
      ...['active', 'disabled', 'active', 'deleted', 'active'],
    ]);
  });

  it('of a job that has never been, or without a reason, is refused', async () => {
    expectRefused(await restore('cron-none'), 'cron_job_not_found', /there has never been/);
    expectRefused(await restore(often, ''), 'invalid_request', /^reason: /);
  });

  it('by many at once restores it once', async () => {
    const { id } = (await service.call('POST', '', { name: 'many', cron_expression: '0 2 * * *' })).body;
    await service.call('DELETE', `/${id}`);
    const restored = await Promise.all(Array.from({ length: 200 }, () => restore(id as string)));
    const statuses = restored.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 199 }, () => 409)]);
    expect(await typesOf(id as string)).toEqual(['CronJobScheduled', 'CronJobDeleted', 'CronJobRestored']);
  });

  it('and reverts by many at once are each decided on what those before have left', async () => {
    const { id } = (await service.call('POST', '', { name: 'first', cron_expression: '0 2 * * *' })).body;
    await service.call('PUT', `/${id}`, { name: 'second' });
    const reverted = await Promise.all(
      Array.from({ length: 200 }, async (_, nth) => {
        const version = 1 + (nth % 2);
        const { status, body } = await service.call('POST', `/${id}/revert`, { version, reason: `${nth}` });
        return { status, isItsOwn: body.name === (version === 1 ? 'first' : 'second') };
      }),
    );
    expect(reverted).toEqual(reverted.map(() => ({ status: 200, isItsOwn: true })));
    const { name } = (await get('', id as string)).body;
    const { log } = service.app.adapters;
    const events = await log.readStream(jobStream(id as string), { direction: 'forwards', limit: 1_000 });
    const names = events.slice(1).map(({ data }) => (data.changes as { name: string }).name);
    expect(names.at(-1)).toBe(name);
    // None of them says what was so already.
    expect(names.filter((one, index) => one === (names[index - 1] ?? 'first'))).toEqual([]);
  });
});

it('a revert brings back no value that is refused today, though the job had it a moment ago', async () => {
  const cronId = 'cron-lax';
  const { metadata } = sampleEvent();
  const { log } = service.app.adapters;
  const lax = { ...defaultJobConfig, name: 'lax', cron_expression: '0 2 * * *', timeout_seconds: 9_000_000 };
  const event = (type: string, data: object) => ({
    id: systemIds.uuid(),
    type,
    data: { cron_id: cronId, ...data },
    metadata: { ...metadata, schema_version: 2 },
  });
  const at = new Date(clock.now()).toISOString();
  await append(log, jobStream(cronId), 0, [
    event('CronJobScheduled', { ...lax, created_at: at }),
    event('CronJobUpdated', { changes: { name: 'b' }, reason: null, updated_at: at }),
  ]);
  const revert = () => service.call('POST', `/${cronId}/revert`, { version: 1, reason: 'back' });
  const [reverted, changed] = await Promise.all([
    revert(),
    service.call('PUT', `/${cronId}`, { timeout_seconds: 60, name: 'c' }),
  ]);
  expect([
    [200, 200],
    [400, 200],
  ]).toContainEqual([reverted.status, changed.status]);
  expect((await get('', cronId)).body).toMatchObject({ timeout_seconds: 60 });
  expect((await revert()).body.detail).toMatch(/^timeout_seconds: /);
});

it('a restore by a snapshot that knows fewer runs than the log is refused', async () => {
  const { id } = (await service.call('POST', '', { name: 'run', cron_expression: '0 2 * * *' })).body;
  await service.call('POST', `/${id}/execute`, { dry_run: true });
  await service.call('DELETE', `/${id}`);
  const { store } = service.app.adapters;
  const wrong = await store.snapshotBefore(id as string, 99);
  expect((wrong?.document.state.job as { last_run_no: number }).last_run_no).toBe(1);
  // Its content is wrong, and nothing else.
  if (wrong !== undefined) (wrong.document.state.job as { last_run_no: number }).last_run_no = 0;
  const misled = createPastJobsOn(wrong);
  await expect(misled.toRestore(id as string, new AbortController().signal)).rejects.toMatchObject({
    code: 'store_damaged',
  });
  const restored = await service.call('POST', `/${id}/restore`, { reason: 'by mistake' });
  expect(restored.status).toBe(200);
  expect((await service.call('POST', `/${id}/execute`, { dry_run: true })).body.run_id).toMatch(/0002$/);
});

function createPastJobsOn(snapshot: Row<SnapshotDocument> | undefined) {
  const { log } = service.app.adapters;
  const store = { snapshotBefore: () => Promise.resolve(snapshot) };
  const modelsLag = { isLong: () => Promise.resolve(false) };
  const history = createJobHistory({ log, store, clock, modelsLag }, { allowSeconds: false });
  return createPastJobs({ history, clock });
}

it('an event that cannot be read is named, and hides nothing before it', async () => {
  const { id } = (await service.call('POST', '', { name: 'newer', cron_expression: '0 2 * * *' })).body;
  const event = sampleEvent({
    changes: { colour: 'green' },
    updated_at: new Date(clock.now()).toISOString(),
  });
  const newer = { ...event, type: 'CronJobUpdated', metadata: { ...event.metadata, schema_version: 9 } };
  await append(service.app.adapters.log, jobStream(id as string), 1, [newer]);
  const now = new Date(clock.now()).toISOString();
  const refused = [
    await get(`?as_of=2`, id as string),
    await get(`?as_of=${now}`, id as string),
    await get('/diff?from=1', id as string),
    await service.call('POST', `/${id}/revert`, { version: 1, reason: 'back' }),
    await service.call('POST', `/${id}/restore`, { reason: 'back' }),
    await service.call('PUT', `/${id}`, { name: 'other' }),
  ];
  for (const { status, body } of refused) {
    expect([status, body.code]).toEqual([503, 'event_unreadable']);
    expect(body.detail).toContain(`cronJob-${id}, version 2: CronJobUpdated version 9`);
  }
  expect((await get('?as_of=1', id as string)).body).toMatchObject({ name: 'newer', version: 1 });
});
