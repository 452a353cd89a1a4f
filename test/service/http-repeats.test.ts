import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;
let other: RunningApp;

beforeAll(async () => {
  const folder = temporaryFolder();
  service = await startApp({ DATA_DIR: folder });
  other = await startApp({ DATA_DIR: folder });
});
afterAll(async () => {
  await service.app.stop();
  await other.app.stop();
});

const config = { name: 'nightly', cron_expression: '0 2 * * *' };
const under = (key: string): Record<string, string> => ({ 'Idempotency-Key': key });
const create = async (): Promise<string> => (await service.call('POST', '', config)).body.id as string;
const typesOf = async (id: string): Promise<string[]> => {
  const events = await service.app.adapters.log.readStream(jobStream(id), {
    direction: 'forwards',
    limit: 1_000,
  });
  return events.map(({ type }) => type);
};
const same = ({ status, headers, body }: Answer) => ({
  status,
  body,
  etag: headers.get('etag'),
  location: headers.get('location'),
});

describe('a POST under a key', () => {
  it('creates one job however often it is sent, and answers the same each time', async () => {
    const key = randomUUID();
    const first = await service.call('POST', '', config, under(key));
    expect(first.status).toBe(201);
    const id = first.body.id as string;
    await service.call('PUT', `/${id}`, { name: 'other' });
    for (const asked of [service, other])
      expect(same(await asked.call('POST', '', config, under(key)))).toEqual(same(first));
    await service.call('DELETE', `/${id}`);
    expect(same(await other.call('POST', '', config, under(key)))).toEqual(same(first));
    expect(await typesOf(id)).toEqual([
      'CronJobScheduled',
      'RequestAccepted',
      'CronJobUpdated',
      'CronJobDeleted',
    ]);
  });

  it('starts one run of 200 sent at once to two instances', async () => {
    const id = await create();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? service : other).call('POST', `/${id}/execute`, { reason: 'a mentor asks' }, under(key)),
      ),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.run_id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    const { body } = await service.call('GET', `/${id}/runs`);
    expect(body.pagination.total).toBe(1);
    expect(body.data[0]).toMatchObject({ reason: 'a mentor asks', trigger: 'manual' });
  });

  it('is carried out for each sender, each job and each key', async () => {
    const [one, two] = [await create(), await create()];
    const key = randomUUID();
    const run = async (id: string, of: string): Promise<unknown> =>
      (await service.call('POST', `/${id}/execute`, { dry_run: true }, under(of))).body.run_id;
    const runs = new Set([
      await run(one, key),
      await run(one, key),
      await run(two, key),
      await run(one, `${key}x`),
    ]);
    expect(runs.size).toBe(3);
  });

  it('is refused when it asks for something else: another body, another path', async () => {
    const id = await create();
    const key = randomUUID();
    await service.call('POST', `/${id}/execute`, { dry_run: true }, under(key));
    for (const [path, body] of [
      [`/${id}/execute`, { dry_run: true, reason: 'again' }],
      [`/${id}/execute`, {}],
      [`/${id}/execute?dry_run=true`, {}],
      [`/${id}/revert`, { version: 1, reason: 'x' }],
    ] as const) {
      const answer = await service.call('POST', path, body, under(key));
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    const shuffled = `{ "reason": "again", "dry_run": true }`;
    const more = `${key}-2`;
    const first = await service.call(
      'POST',
      `/${id}/execute`,
      { dry_run: true, reason: 'again' },
      under(more),
    );
    expect(same(await service.call('POST', `/${id}/execute`, shuffled, under(more)))).toEqual(same(first));
  });

  it('answers as it did though the job has changed since: revert, cancel, restore', async () => {
    const id = await create();
    await service.call('PUT', `/${id}`, { description: 'later' });
    const keys = [randomUUID(), randomUUID(), randomUUID()] as const;
    const revert = () =>
      service.call('POST', `/${id}/revert`, { version: 1, reason: 'as it was' }, under(keys[0]));
    const reverted = await revert();
    expect(reverted).toMatchObject({ status: 200, body: { description: null } });
    await service.call('PUT', `/${id}`, { description: 'even later' });
    expect(same(await revert())).toEqual(same(reverted));
    expect((await service.call('GET', `/${id}`)).body.description).toBe('even later');
    await service.call('DELETE', `/${id}`);
    const restore = () => service.call('POST', `/${id}/restore`, { reason: 'by mistake' }, under(keys[1]));
    const restored = await restore();
    expect(restored.status).toBe(200);
    await service.call('PUT', `/${id}`, { enabled: false });
    expect(same(await restore())).toEqual(same(restored));
  });

  it('that was refused is decided anew', async () => {
    const id = await create();
    const key = randomUUID();
    const revert = () => service.call('POST', `/${id}/revert`, { version: 2, reason: 'x' }, under(key));
    expect((await revert()).status).toBe(400);
    await service.call('PUT', `/${id}`, { name: 'second' });
    expect((await revert()).status).toBe(200);
  });

  it.each(['', ' ', 'a b', 'ä', 'x'.repeat(256)])('is refused when the key is none: %j', async (key) => {
    const answer = await service.call('POST', '', config, under(key === 'ä' ? 'Ã¤' : key));
    // Blanks around a header are no part of it, and without any text there is none to go by.
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it('is one that only a delete cannot keep', async () => {
    const id = await create();
    const answer = await service.call('DELETE', `/${id}`, undefined, under('one'));
    expect([answer.status, answer.body.code]).toEqual([400, 'unsupported_header']);
    const put = () => service.call('PUT', `/${id}`, { name: 'put' }, under('one'));
    const first = await put();
    await service.call('PUT', `/${id}`, { name: 'between' });
    expect(same(await put())).toEqual(same(first));
    expect((await service.call('GET', `/${id}`)).body.name).toBe('between');
  });
});

describe('a write under a condition', () => {
  const ifMatch = (tag: string): Record<string, string> => ({ 'If-Match': tag });

  it('is done for one of two editors, also while runs go on', async () => {
    const id = await create();
    const read = async (): Promise<string> => (await service.call('GET', `/${id}`)).headers.get('etag') ?? '';
    const [mine, theirs] = [await read(), await read()];
    await service.call('POST', `/${id}/execute`, {});
    await service.call('POST', `/${id}/execute`, { dry_run: true });
    expect(await read()).toBe(mine);
    const done = await service.call('PUT', `/${id}`, { name: 'mine' }, ifMatch(mine));
    expect(done.status).toBe(200);
    expect(done.headers.get('etag')).toBe(await read());
    const refused = await other.call('PUT', `/${id}`, { name: 'theirs' }, ifMatch(theirs));
    expect([refused.status, refused.body.code]).toEqual([412, 'precondition_failed']);
    expect(refused.body.detail).toContain(done.headers.get('etag'));
    expect((await other.call('DELETE', `/${id}`, undefined, ifMatch(theirs))).status).toBe(412);
    expect((await other.call('DELETE', `/${id}`, undefined, ifMatch(await read()))).status).toBe(200);
  });

  it('is done for one of 200 that send at once', async () => {
    const id = await create();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? service : other).call('PUT', `/${id}`, { name: `n${index}` }, ifMatch('"1"')),
      ),
    );
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect([count(200), count(412)]).toEqual([1, 199]);
  });

  it.each([
    ['"1"', 200],
    ['"0", "1"', 200],
    ['"1",', 200],
    ['"a,b", "1"', 200],
    [', ,', 400],
    ['*', 200],
    ['W/"1"', 412],
    ['"01"', 412],
    ['"2"', 412],
    ['"a,b", W/"1",  "1"', 200],
    ['"2,1"', 412],
    ['"0" "1"', 400],
    ['"0",1', 400],
    ['"1"x', 400],
    ['1', 400],
    ['', 400],
    [Array.from({ length: 21 }, () => '"1"').join(), 400],
  ])('by If-Match: %s gives %d', async (tag, status) => {
    const id = await create();
    expect((await service.call('PUT', `/${id}`, { name: 'x' }, ifMatch(tag))).status).toBe(status);
  });

  it('by If-None-Match is kept for *, and refused for anything else', async () => {
    const id = await create();
    const by = (tag: string) => service.call('PUT', `/${id}`, { name: 'x' }, { 'If-None-Match': tag });
    expect((await by('*')).status).toBe(412);
    expect((await by('"1"')).body.code).toBe('unsupported_header');
  });

  it('tells the current one in each answer, and a read under it is answered whole', async () => {
    const created = await service.call('POST', '', config);
    const id = created.body.id as string;
    const etag = created.headers.get('etag') ?? '';
    const read = await service.call('GET', `/${id}`, undefined, { 'If-None-Match': etag });
    expect([read.status, read.headers.get('etag'), read.body.config_version]).toEqual([200, '"1"', 1]);
  });
});
