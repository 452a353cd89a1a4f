import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { jobStream } from '../../src/events/stream-names.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { createGate } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CRON = '0 2 1 1 *';
/** While it is closed, runs stay open. */
const gate = createGate();
let service: RunningApp;
let nextLabel = 0;
/** Each test acts on jobs of its own. */
let label: string;

beforeAll(async () => {
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const gated = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  service = await startApp({ DATA_DIR: temporaryFolder() }, { registry: gated });
});
beforeEach(() => {
  label = `test-${nextLabel++}`;
});
afterAll(async () => {
  gate.open();
  const errors = service.logged.filter(({ level }) => level === 'error');
  await service.app.stop();
  expect(errors).toEqual([]);
});

const create = async (name: string, more: object = {}): Promise<string> => {
  const job = { name, cron_expression: CRON, labels: [label], ...more };
  const { status, body } = await service.call('POST', '', job);
  expect(status).toBe(201);
  return body.id as string;
};
const createMany = (count: number, more: object = {}): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => create(`job ${at}`, more)));
const bulk = (given: object): Promise<Answer> =>
  service.call('POST', '/bulk', {
    filter: { label },
    action: 'enable',
    reason: 'the outage is over',
    ...given,
  });
const eventsOf = (id: string): Promise<RecordedEvent[]> =>
  service.app.adapters.log.readStream(jobStream(id), { direction: 'forwards', limit: 1_000 });
const typesOf = async (id: string): Promise<string[]> => (await eventsOf(id)).map(({ type }) => type);
const item = (id: string, name: string, more: object) => ({
  id,
  name,
  outcome: 'done',
  run_id: null,
  error: null,
  ...more,
});

describe('a bulk request', () => {
  it('does to each job that fits what it asks for, and says what became of each', async () => {
    const [off, on] = [await create('off', { enabled: false }), await create('on')];
    const { status, headers, body } = await bulk({});
    expect([status, headers.get('reads-lag'), headers.get('etag')]).toEqual([200, null, null]);
    expect(body).toEqual({
      action: 'enable',
      dry_run: false,
      data: [item(off, 'off', {}), item(on, 'on', { outcome: 'unchanged' })],
      pagination: { limit: 100, total: 2, next_cursor: null },
    });
    expect([await typesOf(off), await typesOf(on)]).toEqual([
      ['CronJobScheduled', 'CronJobUpdated'],
      ['CronJobScheduled'],
    ]);
    const [, updated] = await eventsOf(off);
    expect(updated?.data).toMatchObject({ changes: { enabled: true }, reason: 'the outage is over' });
    expect(updated?.metadata.actor).toBe('anonymous');
    // Reads show it at once.
    expect((await service.call('GET', `/${off}`)).body.enabled).toBe(true);
    expect((await bulk({ action: 'disable', filter: { label, name: 'ON' } })).body.data).toEqual([
      item(on, 'on', {}),
    ]);
    expect((await service.call('GET', `?label=${label}&enabled=false`)).body.data).toMatchObject([
      { id: on },
    ]);
  });

  it('starts one run of each job, and refuses those that run', async () => {
    const [idle, busy] = [await create('idle', { enabled: false }), await create('busy')];
    const { run_id } = (await service.call('POST', `/${busy}/execute`, {})).body;
    const { body } = await bulk({ action: 'execute', reason: 'once more' });
    expect(body.data).toEqual([
      item(idle, 'idle', { run_id: expect.stringMatching(/^run-/) }),
      item(busy, 'busy', {
        outcome: 'refused',
        error: { code: 'run_in_progress', detail: `${run_id} is still running` },
      }),
    ]);
    const [{ run_id: started }] = body.data as [{ run_id: string }];
    const run = await service.call('GET', `/${idle}/runs/${started}`);
    expect(run.body).toMatchObject({
      status: 'running',
      trigger: 'manual',
      dry_run: false,
      reason: 'once more',
    });
  });

  it('is a dry run that writes nothing where it is asked for', async () => {
    const [off, on] = [await create('off', { enabled: false }), await create('on')];
    const busy = await create('busy');
    await service.call('POST', `/${busy}/execute`, {});
    const before = await Promise.all([off, on, busy].map(typesOf));
    const dry = async (action: string): Promise<unknown> => {
      const { body } = await bulk({ action, dry_run: true });
      expect(body).toMatchObject({ action, dry_run: true, pagination: { total: 3, next_cursor: null } });
      return (body.data as Record<string, any>[]).map(({ outcome, error }) => error?.code ?? outcome);
    };
    expect(await dry('enable')).toEqual(['would_do', 'unchanged', 'unchanged']);
    expect(await dry('disable')).toEqual(['unchanged', 'would_do', 'would_do']);
    expect(await dry('execute')).toEqual(['would_do', 'would_do', 'run_in_progress']);
    expect(await Promise.all([off, on, busy].map(typesOf))).toEqual(before);
    expect((await service.call('GET', `/${off}/runs`)).body.data).toEqual([]);
  });

  it.each([
    ['enabled', { enabled: false }, ['off']],
    ['status', { status: 'active' }, ['on', 'ran']],
    ['last run', { last_run_status: 'running' }, ['ran']],
    ['no run', { last_run_status: 'none', enabled: true }, ['on']],
    ['name', { name: 'A' }, ['ran']],
    ['two labels', { label: ['second'] }, ['on']],
    ['warnings', { has_warnings: true }, []],
    ['what is owed', { overdue: true }, []],
    ['nothing owed', { overdue: false }, ['off', 'on', 'ran']],
  ])('finds the jobs that the list would show: by %s', async (_, filter: Record<string, unknown>, names) => {
    await create('off', { enabled: false });
    await create('on', { labels: [label, 'second'] });
    const ran = await create('ran');
    await service.call('POST', `/${ran}/execute`, {});
    const labels = [label, ...((filter.label as string[] | undefined) ?? [])];
    const asked = { filter: { ...filter, label: labels }, action: 'disable', dry_run: true };
    const { body } = await bulk(asked);
    expect((body.data as { name: string }[]).map(({ name }) => name)).toEqual(names);
    expect(body.pagination.total).toBe(names.length);
    const query = new URLSearchParams(labels.map((one): [string, string] => ['label', one]));
    for (const [name, value] of Object.entries(filter)) if (name !== 'label') query.set(name, String(value));
    const list = await service.call('GET', `?${query.toString()}`);
    expect((list.body.data as { name: string }[]).map(({ name }) => name)).toEqual(names);
  });

  it('of all jobs means none that is deleted', async () => {
    const gone = await create('gone', { enabled: false });
    await service.call('DELETE', `/${gone}`);
    const { body } = await bulk({ filter: { name: 'gone' } });
    expect(body).toMatchObject({ data: [], pagination: { total: 0, next_cursor: null } });
    const all = await bulk({ filter: {}, action: 'disable', dry_run: true, limit: 1 });
    expect(all.body.pagination.total).toBe((await service.call('GET', '?limit=1')).body.pagination.total);
  });
});

describe('page after page', () => {
  async function pages(given: object, between: () => Promise<unknown>) {
    const found: Record<string, any>[] = [];
    for (let cursor: string | undefined; ; await between()) {
      const { status, body } = await bulk({ ...given, cursor });
      expect(status).toBe(200);
      found.push(...(body.data as Record<string, any>[]));
      cursor = (body.pagination.next_cursor ?? undefined) as string | undefined;
      if (cursor === undefined) return found;
    }
  }

  it('goes on where a job is deleted or made meanwhile', async () => {
    const ids = await createMany(5, { enabled: false });
    const gone: string[] = [];
    let created: string | undefined;
    const found = await pages({ filter: { label, enabled: false }, limit: 2 }, async () => {
      created ??= await create('new', { enabled: false });
      const left = (await service.call('GET', `?label=${label}&enabled=false`)).body.data as { id: string }[];
      const [first] = left.filter(({ id }) => id !== created);
      if (gone.length > 0 || first === undefined) return;
      gone.push(first.id);
      await service.call('DELETE', `/${first.id}`);
    });
    const wanted = [...ids, created].filter((id) => id !== undefined && !gone.includes(id)).sort();
    expect(found.map(({ id }) => id as string).sort()).toEqual(wanted);
  });

  it('is refused where the cursor is of another question', async () => {
    await createMany(3, { enabled: false });
    const first = await bulk({ limit: 1, dry_run: true });
    const cursor = String(first.body.pagination.next_cursor);
    const list = await service.call('GET', `?label=${label}&limit=1`);
    for (const given of [
      { cursor, action: 'disable' },
      { cursor, filter: { label, enabled: false } },
      { cursor, filter: {} },
      { cursor: String(list.body.pagination.next_cursor) },
    ]) {
      const { status, body } = await bulk(given);
      expect([status, body.code, body.errors[0].field]).toEqual([400, 'invalid_request', 'cursor']);
    }
    // What may change on the way.
    const second = await bulk({ cursor, limit: 2, reason: 'for another reason' });
    expect(second.body.data).toHaveLength(2);
    expect(second.body.pagination).toEqual({ limit: 2, total: 3, next_cursor: null });
  });
});

describe('is refused, and nothing is done', () => {
  it.each<[string, object, object, string]>([
    ['an entity tag', {}, { 'If-Match': '"1"' }, 'unsupported_header'],
    ['any entity tag', {}, { 'If-Match': '*' }, 'unsupported_header'],
    ['that there is none', {}, { 'If-None-Match': '*' }, 'unsupported_header'],
    ['a time', {}, { 'If-Unmodified-Since': 'Sat, 28 Mar 2026 10:00:00 GMT' }, 'unsupported_header'],
    ['a key that is none', {}, { 'Idempotency-Key': 'a b' }, 'invalid_request'],
    ['no reason', { reason: undefined }, {}, 'invalid_request'],
    ['no filter', { filter: undefined }, {}, 'invalid_request'],
    ['another action', { action: 'delete' }, {}, 'invalid_request'],
    ['too many at once', { limit: 101 }, {}, 'invalid_request'],
  ])('with %s', async (_, given, headers, code) => {
    const id = await create('off', { enabled: false });
    const asked = { filter: { label }, action: 'enable', reason: 'over', ...given };
    const { status, body } = await service.call('POST', '/bulk', asked, headers as Record<string, string>);
    expect([status, body.code]).toEqual([400, code]);
    expect(await typesOf(id)).toEqual(['CronJobScheduled']);
  });

  it('with parameters, and by other methods', async () => {
    const asked = { filter: { label }, action: 'enable', reason: 'over' };
    expect((await service.call('POST', '/bulk?dry_run=true', asked)).body.code).toBe('invalid_request');
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await service.call(method, '/bulk')).status).toBe(405);
  });

  it('is refused under a key that is none, also when nothing is to be written', async () => {
    const asked = { filter: { label: [label] }, action: 'disable', reason: 'maintenance' };
    for (const dry_run of [true, false]) {
      const under = { 'Idempotency-Key': 'a b' };
      const { status, body } = await service.call('POST', '/bulk', { ...asked, dry_run }, under);
      expect([status, body.code]).toEqual([400, 'invalid_request']);
    }
  });
});
