import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { createGate } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *' };
const RUNS = 25;

/** Checks do not get on before it is opened. */
const gate = createGate();
let service: RunningApp;

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
});

afterAll(async () => {
  gate.open();
  await service.app.stop();
});

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);

describe('the list', () => {
  it('is cut into pages, in the order of creation', async () => {
    expect((await service.call('GET', '')).body).toEqual({
      data: [],
      pagination: { page: 1, limit: 20, total: 0, next_cursor: null },
    });
    const created: string[] = [];
    for (let index = 0; index < 7; index++)
      created.push(String((await service.call('POST', '', JOB)).body.id));
    const all = idsOf((await service.call('GET', '')).body.data);
    expect([...all].sort()).toEqual([...created].sort());
    for (const [page, expected] of [
      [1, all.slice(0, 3)],
      [2, all.slice(3, 6)],
      [3, all.slice(6)],
      [4, []],
      [1_000_000, []],
    ] as const) {
      const { status, body } = await service.call('GET', `?page=${page}&limit=3`);
      expect(status).toBe(200);
      expect(idsOf(body.data)).toEqual(expected);
      expect(body.pagination).toMatchObject({ page, limit: 3, total: 7 });
    }
  });
});

describe('the runs', () => {
  it('come newest first, page by page', async () => {
    const { id } = (await service.call('POST', '', { ...JOB, concurrency_policy: 'allow' })).body;
    const started: string[] = [];
    for (let index = 0; index < RUNS; index++) {
      const { status, body } = await service.call('POST', `/${id}/execute`, { dry_run: index % 2 === 0 });
      expect(status).toBe(202);
      started.unshift(String(body.run_id));
    }
    for (const [query, page, limit, expected] of [
      ['', 1, 20, started.slice(0, 20)],
      ['?page=2', 2, 20, started.slice(20)],
      ['?page=1&limit=10', 1, 10, started.slice(0, 10)],
      ['?page=3&limit=10', 3, 10, started.slice(20)],
      ['?limit=25', 1, 25, started],
      ['?page=25&limit=1', 25, 1, started.slice(24)],
      ['?page=26&limit=1', 26, 1, []],
      ['?page=4&limit=10', 4, 10, []],
    ] as const) {
      const { status, body } = await service.call('GET', `/${id}/runs${query}`);
      expect(status).toBe(200);
      expect(body.data.map(({ run_id }: { run_id: string }) => run_id)).toEqual(expected);
      expect(body.pagination).toMatchObject({ page, limit, total: RUNS });
    }
  });

  it('have null where there is no value yet', async () => {
    const { id } = (await service.call('POST', '', JOB)).body;
    const { run_id } = (await service.call('POST', `/${id}/execute`)).body;
    expect((await service.call('GET', `/${id}/runs`)).body.data).toEqual([
      expect.objectContaining({ run_id, cron_id: id, status: 'running', completed_at: null, result: null }),
    ]);
    expect((await service.call('GET', `/${id}`)).body).toMatchObject({
      last_run_status: 'running',
      last_run_result: null,
    });
  });

  it('do not overlap under the policy forbid, dry ones apart', async () => {
    const { id } = (await service.call('POST', '', { ...JOB, concurrency_policy: 'forbid' })).body;
    const { run_id } = (await service.call('POST', `/${id}/execute`, { dry_run: false })).body;
    const refused = await service.call('POST', `/${id}/execute`, { dry_run: false });
    expect(refused.status).toBe(409);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.body).toMatchObject({ status: 409, code: 'run_in_progress', run_id });
    expect((await service.call('POST', `/${id}/execute`, { dry_run: true })).status).toBe(202);
  });
});
