import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { loadConfig } from '../../src/config/config.js';
import type { EventLog } from '../../src/ports/event-log.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { StoreError } from '../../src/ports/store-error.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { eventually } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;
let other: RunningApp;
/** What the log does with an append. */
let append: (writes: Parameters<EventLog['append']>[0], log: EventLog) => ReturnType<EventLog['append']>;
/** What happens before the log is read. */
let beforeRead: () => Promise<void>;
/** What happens between the search of the jobs and the look at those that are next, and after that. */
let afterSearch: () => Promise<unknown>;
let afterLook: () => Promise<unknown>;

beforeEach(async () => {
  append = (writes, log) => log.append(writes);
  beforeRead = () => Promise.resolve();
  afterSearch = () => Promise.resolve();
  afterLook = () => Promise.resolve();
  const env = { DATA_DIR: temporaryFolder() };
  const { log, store, registry } = await openAdapters(loadConfig(env), { logger: createCollectingLogger() });
  const failing: EventLog = {
    ...log,
    append: (writes) => append(writes, log),
    async readStream(...asked) {
      await beforeRead();
      return log.readStream(...asked);
    },
  };
  const watched: ReadStore = {
    ...store,
    async listJobs(asked) {
      const found = await store.listJobs(asked);
      await afterSearch();
      return found;
    },
    async read(model, keys) {
      const found = await store.read(model, keys);
      if (model === 'jobs' && keys.length > 1) await afterLook();
      return found;
    },
  };
  service = await startApp(env, { log: failing, store: watched, registry });
  other = await startApp(env);
});
afterEach(async () => {
  await other.app.stop();
  await service.app.stop();
});

const REQUEST = { filter: {}, action: 'enable', reason: 'the outage is over' };
const create = async (more: object = {}): Promise<string> => {
  const job = { name: 'job', cron_expression: '0 2 1 1 *', concurrency_policy: 'allow', ...more };
  return String((await service.call('POST', '', job)).body.id);
};
/** In the order in which a list has them; where there is much to do it may show some later. */
async function createMany(count: number, more: object = {}): Promise<string[]> {
  await Promise.all(Array.from({ length: count }, () => create(more)));
  return eventually('all are listed', async () => {
    const { body } = await service.call('GET', '?limit=100');
    const ids = (body.data as { id: string }[]).map(({ id }) => id);
    return ids.length === count && ids;
  });
}
const bulk = (given: object, key?: string, at = service): Promise<Answer> =>
  at.call('POST', '/bulk', { ...REQUEST, ...given }, key === undefined ? {} : { 'Idempotency-Key': key });
const typesOf = async (id: string): Promise<string[]> => {
  const { log } = service.app.adapters;
  const events = await log.readStream(jobStream(id), { direction: 'forwards', limit: 1_000 });
  return events.map(({ type }) => type);
};
const started = async (id: string): Promise<number> =>
  (await typesOf(id)).filter((type) => type === 'RunStarted').length;
const outcomesOf = ({ body }: Answer): string[] =>
  (body.data as { outcome: string }[]).map(({ outcome }) => outcome);
/** There are others, as of the lease. */
const has = (type: string, writes: Parameters<typeof append>[0]): boolean =>
  writes.some(({ events }) => events.some((event) => event.type === type));
const down = () => new StoreError('store_unavailable', 'log.db is down');

describe('a bulk request under a key', () => {
  it('is carried out once for each job, and its repeats answer the same', async () => {
    await createMany(5, { enabled: false });
    const key = randomUUID();
    const first = await bulk({ action: 'execute' }, key);
    expect(outcomesOf(first)).toEqual(Array<string>(5).fill('done'));
    expect((await bulk({ action: 'execute' }, key)).body).toEqual(first.body);
    // Another instance may not have read of it yet: it decides on the log.
    expect((await bulk({ action: 'execute' }, key, other)).body).toEqual(first.body);
    expect(await Promise.all((first.body.data as { id: string }[]).map(({ id }) => started(id)))).toEqual([
      ...[1, 1, 1, 1, 1],
    ]);
    expect((await bulk({ action: 'execute' }, randomUUID())).body.data[0].run_id).not.toBe(
      first.body.data[0].run_id,
    );
  });

  it('is repeated for the jobs that it has met, though they fit no more', async () => {
    const ids = await createMany(7, { enabled: false });
    const key = randomUUID();
    const asked = { filter: { enabled: false }, limit: 3 };
    const first = await bulk(asked, key);
    const second = await bulk(asked, key);
    expect(second.body.data).toEqual(first.body.data);
    expect(second.body.pagination.total).toBe(4);
    // Whatever has happened since.
    await service.call('PUT', `/${ids[1]}`, { enabled: false });
    await service.call('DELETE', `/${ids[2]}`);
    const third = await bulk(asked, key);
    expect((third.body.data as { id: string }[]).map(({ id }) => id)).toEqual([ids[0], ids[1], ids[3]]);
    expect(outcomesOf(third)).toEqual(['done', 'done', 'done']);
    expect((await service.call('GET', `/${ids[1]}`)).body.enabled).toBe(false);
    // Each page has a key of its own.
    const { next_cursor: cursor } = third.body.pagination as { next_cursor: string };
    expect((await bulk({ ...asked, cursor }, key)).body.code).toBe('idempotency_key_reused');
    const rest = await bulk({ ...asked, cursor }, randomUUID());
    expect((rest.body.data as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(4));
  });

  it('is remembered also where there was nothing to do', async () => {
    const [id = ''] = await createMany(1);
    const key = randomUUID();
    expect(outcomesOf(await bulk({}, key))).toEqual(['unchanged']);
    await service.call('PUT', `/${id}`, { enabled: false });
    expect(outcomesOf(await bulk({}, key))).toEqual(['unchanged']);
    expect((await service.call('GET', `/${id}`)).body.enabled).toBe(false);
    expect(await typesOf(id)).toEqual(['CronJobScheduled', 'RequestAccepted', 'CronJobUpdated']);
  });

  it('is refused where the key was of another one, and nothing is done', async () => {
    const ids = await createMany(2, { enabled: false });
    const key = randomUUID();
    await bulk({ filter: { enabled: false }, limit: 1 }, key);
    const before = await Promise.all(ids.map(typesOf));
    for (const given of [{ action: 'execute' }, { reason: 'another' }, { filter: {} }, {}]) {
      const { status, body } = await bulk({ filter: { enabled: false }, ...given }, key);
      expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await Promise.all(ids.map(typesOf))).toEqual(before);
    // A key of one job is another key.
    expect((await service.call('PUT', `/${ids[1]}`, { name: 'x' }, { 'Idempotency-Key': key })).status).toBe(
      200,
    );
    expect(outcomesOf(await bulk({ filter: { enabled: false }, limit: 1 }, key))).toEqual(['done']);
  });

  it('has no meaning for a dry run', async () => {
    const [id = ''] = await createMany(1, { enabled: false });
    const key = randomUUID();
    expect(outcomesOf(await bulk({ dry_run: true }, key))).toEqual(['would_do']);
    expect(outcomesOf(await bulk({}, key))).toEqual(['done']);
    expect(outcomesOf(await bulk({ dry_run: true }, key))).toEqual(['unchanged']);
    expect(await typesOf(id)).toEqual(['CronJobScheduled', 'CronJobUpdated', 'RequestAccepted']);
  });
});

describe('a bulk request, while jobs are deleted or the log fails', () => {
  it('leaves out jobs that fit no more when their turn has come', async () => {
    const ids = await createMany(25, { enabled: false, labels: ['registry'] });
    afterSearch = async () => {
      afterSearch = () => Promise.resolve();
      await other.call('PUT', `/${ids[1]}`, { labels: [] });
      await other.call('POST', `/${ids[2]}/execute`, {});
      await other.call('DELETE', `/${ids[24]}`);
    };
    const filter = { label: 'registry', last_run_status: 'none' };
    const { body } = await bulk({ filter, action: 'execute', limit: 25 });
    expect((body.data as { id: string }[]).map(({ id }) => id)).toEqual([ids[0], ...ids.slice(3, 24)]);
    expect(body.pagination).toMatchObject({ total: 25, next_cursor: null });
    expect(await Promise.all(ids.map(started))).toEqual([1, 0, ...Array<number>(22).fill(1), 0]);
  });

  it('says of a job that is deleted right then that there is none', async () => {
    const ids = await createMany(3, { enabled: false });
    afterLook = () => {
      afterLook = () => Promise.resolve();
      return other.call('DELETE', `/${ids[1]}`);
    };
    const { body } = await bulk({});
    expect(body.data).toMatchObject([
      { id: ids[0], outcome: 'done', error: null },
      { id: ids[1], outcome: 'refused', error: { code: 'cron_job_not_found' } },
      { id: ids[2], outcome: 'done', error: null },
    ]);
    expect((await typesOf(ids[1] ?? '')).at(-1)).toBe('CronJobDeleted');
  });

  it.each([
    ['takes nothing', (): Promise<never> => Promise.reject(down())],
    [
      'takes all, but does not say so',
      async (...[writes, log]: Parameters<typeof append>): Promise<never> => {
        await log.append(writes);
        throw down();
      },
    ],
  ])(
    'tells what was done before the log failed, which %s',
    async (_, failing) => {
      const ids = await createMany(100, { enabled: false });
      let appends = 0;
      append = (writes, log) =>
        has('RunStarted', writes) && ++appends > 2 ? failing(writes, log) : log.append(writes);
      const key = randomUUID();
      const asked = { action: 'execute', filter: { enabled: false } };
      const broken = await bulk(asked, key);
      expect(broken.status).toBe(200);
      expect(outcomesOf(broken)).toEqual([
        ...Array<string>(40).fill('done'),
        ...Array<string>(20).fill('unknown'),
      ]);
      expect(broken.body.data[59].error).toEqual({
        code: 'store_unavailable',
        detail: expect.stringContaining('may have been done or not; the same request under the same'),
      });
      expect(broken.body.pagination).toMatchObject({ total: 100, next_cursor: expect.any(String) });
      expect(
        service.logged.filter(({ message }) => message.startsWith('bulk request ended early')),
      ).toMatchObject([{ level: 'warn', fields: { jobs: 20 } }]);
      // Until it is back: nothing is done, so nothing is told.
      append = failing;
      const none = await bulk({ ...asked, cursor: broken.body.pagination.next_cursor as string });
      expect([none.status, none.body.code, none.headers.get('retry-after')]).toEqual([
        503,
        'store_unavailable',
        '2',
      ]);
      append = (writes, log) => log.append(writes);
      // It has been read by then what the log has taken without saying so.
      const repeated = await eventually('all are done', async () => {
        const answer = await bulk(asked, key);
        return new Set(outcomesOf(answer)).size === 1 && answer;
      });
      expect((repeated.body.data as { id: string }[]).map(({ id }) => id)).toEqual(ids);
      expect((repeated.body.data as object[]).slice(0, 40)).toEqual(
        (broken.body.data as object[]).slice(0, 40),
      );
      for (const id of ids.slice(0, 60)) expect(await started(id)).toBe(1);
    },
    60_000,
  );

  it('leads nowhere with a repeat that breaks off before the last job of the first try', async () => {
    const ids = await createMany(60, { enabled: false });
    const key = randomUUID();
    const asked = { action: 'execute', filter: { enabled: false } };
    const first = await bulk(asked, key);
    expect(outcomesOf(first)).toEqual(Array<string>(60).fill('done'));
    // Of its second twenty some cannot be read.
    let reads = 0;
    beforeRead = () => (++reads > 60 ? Promise.reject(down()) : Promise.resolve());
    const broken = await bulk(asked, key);
    // A cursor there, and another key, would start the runs behind it once more.
    expect([broken.status, broken.body.code]).toEqual([503, 'store_unavailable']);
    beforeRead = () => Promise.resolve();
    expect((await bulk(asked, key)).body.data).toEqual(first.body.data);
    for (const id of ids) expect(await started(id)).toBe(1);
  }, 60_000);

  it('of a dry run does not need the log to write', async () => {
    await createMany(2, { enabled: false });
    append = () => Promise.reject(down());
    expect(outcomesOf(await bulk({ dry_run: true }))).toEqual(['would_do', 'would_do']);
  });

  it('begins nothing more when its client has hung up', async () => {
    const ids = await createMany(100, { enabled: false });
    const { hostname, port, pathname } = new URL(service.api);
    const client = connect(Number(port), hostname);
    const closed = new Promise((resolve) => client.once('close', resolve));
    let appends = 0;
    append = async (writes, log) => {
      if (has('CronJobUpdated', writes) && ++appends === 2) {
        client.resume().end();
        // The service has ended its side, too.
        await closed;
      }
      return log.append(writes);
    };
    const body = JSON.stringify(REQUEST);
    const head = [`POST ${pathname}/bulk HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json'];
    client.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
    const enabled = async (): Promise<number> =>
      (await service.call('GET', '?enabled=true&limit=100')).body.data.length as number;
    await eventually('the second call to the log has come back', async () => (await enabled()) === 40);
    // The turn is given back, and this request is after it.
    expect(
      outcomesOf(await bulk({ dry_run: true })).filter((outcome) => outcome === 'would_do'),
    ).toHaveLength(60);
    expect(appends).toBe(2);
    expect(await typesOf(ids[40] ?? '')).toEqual(['CronJobScheduled']);
    expect(service.logged.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  }, 60_000);
});
