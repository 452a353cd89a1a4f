import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { createGate, eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CRON = '0 2 * * *';
/** While it is closed, checks wait: their runs stay open. */
const gate = createGate();
let service: RunningApp;
const ids: Record<string, string> = {};

async function create(name: string, more: object = {}): Promise<void> {
  const { status, body } = await service.call('POST', '', { name, cron_expression: CRON, ...more });
  expect(status).toBe(201);
  ids[name] = body.id as string;
}

const get = async (query: string): Promise<Record<string, any>> => {
  const { status, body } = await service.call('GET', query);
  expect({ query, status, body }).toMatchObject({ status: 200 });
  return body;
};
const namesOf = async (query: string): Promise<string[]> =>
  ((await get(query)).data as { name: string }[]).map(({ name }) => name);
const refusal = async (query: string) => {
  const { status, body } = await service.call('GET', query);
  return [status, body.code, body.errors];
};

beforeAll(async () => {
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  service = await startApp(
    { DATA_DIR: temporaryFolder() },
    {
      registry: {
        ...registry,
        async *pages() {
          await gate.passed;
          yield* registry.pages();
        },
      },
    },
  );
  await create('Straße 50%', { labels: ['blue', 'red'] });
  await create('strasse b', { labels: ['red'], enabled: false });
  await create('c.*', { concurrency_policy: 'allow' });
  await create('gone', { labels: ['red'] });
  await create('leap', { cron_expression: '0 0 29 2 *' });
  await service.call('DELETE', `/${ids.gone}`);
});
afterAll(async () => {
  gate.open();
  await service.app.stop();
});

describe('the list of jobs', () => {
  it.each([
    ['', ['Straße 50%', 'strasse b', 'c.*', 'leap']],
    ['?status=disabled', ['strasse b']],
    ['?enabled=true&label=red', ['Straße 50%']],
    ['?label=red&label=blue', ['Straße 50%']],
    ['?label=none', []],
    ['?name=STRASSE', ['Straße 50%', 'strasse b']],
    ['?name=%25', ['Straße 50%']],
    ['?name=.*', ['c.*']],
    ['?name=.', ['c.*']],
    ['?deleted=true', ['gone']],
    ['?deleted=any&sort=-created_at', ['leap', 'gone', 'c.*', 'strasse b', 'Straße 50%']],
    ['?last_run_status=none&sort=name', ['c.*', 'leap', 'Straße 50%', 'strasse b']],
    ['?sort=-next_run_at&limit=2', ['strasse b', 'leap']],
    ['?overdue=true', []],
    ['?overdue=false&enabled=true&sort=-name', ['Straße 50%', 'leap', 'c.*']],
    ['?has_warnings=true', []],
  ])('%s', async (query, names) => {
    const body = await get(query);
    expect((body.data as { name: string }[]).map(({ name }) => name)).toEqual(names);
    const { page, limit, total } = body.pagination as Record<string, unknown>;
    expect([page, typeof limit, typeof total]).toEqual([1, 'number', 'number']);
  });

  it('shows when a job was deleted, where those are asked for', async () => {
    const [gone] = (await get('?deleted=true')).data as Record<string, unknown>[];
    expect(gone).toMatchObject({ id: ids.gone, deleted_at: expect.any(String), warnings: [] });
    expect((await get('')).data[0]).not.toHaveProperty('deleted_at');
  });

  it('goes on by a cursor, which keeps the number of the page and the total', async () => {
    const names: string[] = [];
    let query = '?deleted=any&sort=name&limit=2';
    for (let page = 1; ; page++) {
      const { data, pagination } = await get(query);
      names.push(...(data as { name: string }[]).map(({ name }) => name));
      expect(pagination).toMatchObject({ page, limit: 2, total: 5 });
      if (pagination.next_cursor === null) break;
      query = `?deleted=any&sort=name&limit=2&cursor=${String(pagination.next_cursor)}`;
    }
    expect(names).toEqual(['c.*', 'gone', 'leap', 'Straße 50%', 'strasse b']);
  });

  it('shows own writes at once, also by filters', async () => {
    await create('new', { labels: ['of this test'] });
    expect(await namesOf('?label=of%20this%20test')).toEqual(['new']);
    await service.call('PUT', `/${ids.new}`, { name: 'renamed', labels: [] });
    expect(await namesOf('?label=of%20this%20test')).toEqual([]);
    expect(await namesOf('?name=RENAMED')).toEqual(['renamed']);
    await service.call('DELETE', `/${ids.new}`);
    expect(await namesOf('?name=renamed')).toEqual([]);
  });

  it('refuses what it does not know, and cursors of other questions', async () => {
    const { next_cursor } = (await get('?limit=1')).pagination as { next_cursor: string };
    const forged = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');
    const own = JSON.parse(Buffer.from(next_cursor, 'base64url').toString()) as object;
    for (const [query, field] of [
      ['?status=deleted', 'status'],
      ['?enabled=yes', 'enabled'],
      ['?name=', 'name'],
      [`?name=${'x'.repeat(129)}`, 'name'],
      ['?name=a&name=b', 'name'],
      ['?name=%00', 'name'],
      ['?label=', 'label'],
      [`?${'label=a&'.repeat(21)}`, 'label'],
      ['?last_run_status=null', 'last_run_status'],
      ['?has_warnings=1', 'has_warnings'],
      ['?overdue=', 'overdue'],
      ['?deleted=yes', 'deleted'],
      ['?sort=version', 'sort'],
      ['?sort=--name', 'sort'],
      ['?sort=name;DROP%20TABLE%20jobs', 'sort'],
      ['?cursor=x', 'cursor'],
      [`?cursor=${forged({ ...own, value: { $gt: '' } })}`, 'cursor'],
      [`?cursor=${forged({ ...own, page: -1 })}`, 'cursor'],
      [`?cursor=${forged({ ...own, total: -1 })}`, 'cursor'],
      [`?cursor=${next_cursor}&status=active`, 'cursor'],
      [`?cursor=${next_cursor}&sort=name`, 'cursor'],
      [`?cursor=${next_cursor}&page=2`, 'page'],
    ] as const)
      expect([query, await refusal(query)]).toEqual([
        query,
        [400, 'invalid_request', [{ field, message: expect.any(String) }]],
      ]);
    expect((await get(`?limit=2&cursor=${next_cursor}`)).data).toHaveLength(2);
  });
});

describe('the lists of runs', () => {
  const started: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 7; index++) {
      const { body } = await service.call('POST', `/${ids['c.*']}/execute`, { dry_run: index % 2 === 0 });
      started.unshift(body.run_id as string);
    }
  });
  const runIds = (body: Record<string, any>): string[] =>
    (body.data as { run_id: string }[]).map(({ run_id }) => run_id);

  it('of a job: without filters by numbers, also behind a cursor', async () => {
    const first = await get(`/${ids['c.*']}/runs?limit=3`);
    expect(first.pagination).toEqual({ page: 1, limit: 3, total: 7, next_cursor: expect.any(String) });
    const second = await get(`/${ids['c.*']}/runs?limit=3&cursor=${first.pagination.next_cursor}`);
    const third = await get(`/${ids['c.*']}/runs?limit=3&cursor=${second.pagination.next_cursor}`);
    expect([first, second, third].flatMap(runIds)).toEqual(started);
    expect(third.pagination).toEqual({ page: 3, limit: 3, total: 7, next_cursor: null });
  });

  it('of a job, by filters', async () => {
    const url = `/${ids['c.*']}/runs?dry_run=true&status=running&trigger=manual&limit=3`;
    const first = await get(url);
    expect(first.pagination).toEqual({ page: 1, limit: 3, total: 4, next_cursor: expect.any(String) });
    const second = await get(`${url}&cursor=${first.pagination.next_cursor}`);
    expect(second.pagination).toEqual({ page: 2, limit: 3, total: 4, next_cursor: null });
    expect([first, second].flatMap(runIds)).toEqual(started.filter((_, index) => index % 2 === 0));
    for (const none of [
      'status=failed',
      'trigger=schedule',
      'to=2020-01-01T00:00:00Z',
      'from=2100-01-01T00:00:00Z',
    ])
      expect(await get(`/${ids['c.*']}/runs?${none}`)).toMatchObject({ data: [], pagination: { total: 0 } });
  });

  it('are counted for each page: what an earlier version put into its cursors says nothing', async () => {
    const url = `/${ids['c.*']}/runs?dry_run=true&limit=3`;
    const { next_cursor } = (await get(url)).pagination as { next_cursor: string };
    const place = JSON.parse(Buffer.from(next_cursor, 'base64url').toString()) as object;
    const cursor = Buffer.from(JSON.stringify({ ...place, total: 1 })).toString('base64url');
    expect((await get(`${url}&cursor=${cursor}`)).pagination).toMatchObject({ page: 2, total: 4 });
  });

  it('within a millisecond a bound is behind it', async () => {
    const url = `/${ids['c.*']}/runs?dry_run=true`;
    const { next_cursor } = (await get(`${url}&limit=1`)).pagination as { next_cursor: string };
    const { started_at, run_id } = JSON.parse(Buffer.from(next_cursor, 'base64url').toString()) as {
      started_at: string;
      run_id: string;
    };
    const [at, within] = [started_at, started_at.replace('Z', '0001Z')];
    expect(runIds(await get(`${url}&from=${at}`))).toContain(run_id);
    expect(runIds(await get(`${url}&from=${at.replace('Z', '000Z')}`))).toContain(run_id);
    expect(runIds(await get(`${url}&from=${within}`))).not.toContain(run_id);
    expect(runIds(await get(`${url}&to=${within}`))).toContain(run_id);
    expect(runIds(await get(`${url}&to=${at}`))).not.toContain(run_id);
  });

  it('of all jobs, those of deleted ones too', async () => {
    const first = await get('/runs?limit=4&trigger=manual');
    const second = await get(`/runs?limit=4&trigger=manual&cursor=${first.pagination.next_cursor}`);
    expect([first, second].flatMap(runIds)).toEqual(started);
    expect(second.pagination).toEqual({ limit: 4, next_cursor: null });
    gate.open();
    await eventually('all have ended', async () => (await get('/runs?status=success')).data.length === 7);
    expect((await get('/runs?status=running')).data).toEqual([]);
    expect(await namesOf('?last_run_status=success')).toEqual(['c.*']);
    expect(await namesOf('?sort=-last_run_at&limit=1')).toEqual(['c.*']);
    await service.call('DELETE', `/${ids['c.*']}`);
    expect(runIds(await get('/runs?dry_run=false'))).toHaveLength(3);
  });

  it('refuse what does not fit', async () => {
    const job = `/${ids.leap}/runs`;
    const ofAll = String((await get('/runs?limit=1')).pagination.next_cursor);
    for (const [query, field] of [
      [`${job}?status=none`, 'status'],
      [`${job}?trigger=clock`, 'trigger'],
      [`${job}?dry_run=maybe`, 'dry_run'],
      [`${job}?from=yesterday`, 'from'],
      [`${job}?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z`, 'to'],
      [`${job}?page=2&status=failed`, 'page'],
      [`${job}?cursor=${ofAll}`, 'cursor'],
      [`/runs?cursor=${ofAll}&status=failed`, 'cursor'],
      ['/runs?page=1', 'page'],
      ['/runs?cursor=e30', 'cursor'],
    ] as const)
      expect([query, await refusal(query)]).toEqual([
        query,
        [400, 'invalid_request', [{ field, message: expect.any(String) }]],
      ]);
    expect((await service.call('GET', '/cron-none/runs?status=failed')).status).toBe(404);
    expect((await service.call('POST', '/runs', {})).status).toBe(405);
  });
});
