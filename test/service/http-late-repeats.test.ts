import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Repeats of requests whose job has been deleted since. */
let env: Record<string, string>;
let service: RunningApp;
let other: RunningApp;

beforeEach(async () => {
  env = { DATA_DIR: temporaryFolder() };
  service = await startApp(env);
  other = await startApp(env);
});
afterEach(async () => {
  await service.app.stop();
  await other.app.stop();
});

const config = { name: 'nightly', cron_expression: '0 2 * * *' };
const create = async (): Promise<string> => (await service.call('POST', '', config)).body.id as string;
const remove = (id: string): Promise<Answer> => service.call('DELETE', `/${id}`);
const statusOf = async (path: string): Promise<number> => (await service.call('GET', path)).status;
const same = ({ status, headers, body }: Answer) => ({
  status,
  body,
  etag: headers.get('etag'),
  location: headers.get('location'),
});

/** A request under a key of its own, sent to any instance, as often as one likes. */
function repeatable(method: string, path: string, body: object) {
  const key = { 'Idempotency-Key': randomUUID() };
  return (at: RunningApp = service): Promise<Answer> => at.call(method, path, body, key);
}

async function restartOther(): Promise<void> {
  await other.app.stop();
  other = await startApp(env);
}

it('a late repeat of a restore, and of a declaration, does not undo a later delete', async () => {
  const id = await create();
  await remove(id);
  const byKey = '/by-key/team:nightly';
  const declare = repeatable('PUT', byKey, config);
  const declaredId = (await declare()).body.id as string;
  const restore = repeatable('POST', `/${id}/restore`, { reason: 'by mistake' });
  const restored = await restore();
  expect(restored.status).toBe(200);
  for (const one of [id, declaredId]) expect((await remove(one)).status).toBe(200);
  await restartOther();
  for (const at of [service, other, service]) {
    expect(same(await restore(at))).toEqual(same(restored));
    expect(await declare(at)).toMatchObject({ status: 201, body: { id: declaredId, declared: 'created' } });
  }
  expect([await statusOf(`/${id}`), await statusOf(byKey)]).toEqual([404, 404]);
  // It is wanted back by a request of its own.
  const again = repeatable('PUT', byKey, config);
  expect((await again()).body.declared).toBe('restored');
  await remove(declaredId);
  expect(await again(other)).toMatchObject({ status: 201, body: { declared: 'restored' } });
  expect(await statusOf(byKey)).toBe(404);
});

it('a run is started once, though its job was deleted and restored, on each instance', async () => {
  const id = await create();
  const execute = repeatable('POST', `/${id}/execute`, { dry_run: true });
  const first = await execute();
  await remove(id);
  for (const at of [service, other]) expect(same(await execute(at))).toEqual(same(first));
  await restartOther();
  expect(same(await execute(other))).toEqual(same(first));
  await service.call('POST', `/${id}/restore`, { reason: 'by mistake' });
  for (const at of [service, other]) expect(same(await execute(at))).toEqual(same(first));
  expect((await service.call('GET', `/${id}/runs`)).body.pagination.total).toBe(1);
});

it('an update and a revert of a deleted job are answered as they were, also where a whole job is sent back', async () => {
  const { body: declared } = await service.call('PUT', '/by-key/team:whole', config);
  const id = declared.id as string;
  const whole = (await service.call('GET', `/${id}`)).body;
  const update = repeatable('PUT', `/${id}`, { ...whole, name: 'other' });
  const revert = repeatable('POST', `/${id}/revert`, { version: 1, reason: 'as it was' });
  const answers = [await update(), await revert()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  await remove(id);
  await restartOther();
  for (const at of [service, other])
    expect([await update(at), await revert(at)].map(same)).toEqual(answers.map(same));
  const refused = await service.call('POST', `/${id}/revert`, { version: 1, reason: 'as it was' });
  expect([refused.status, refused.body.code]).toEqual([404, 'cron_job_not_found']);
});

it('a deleted job is none under the condition of a declaration, and a job as it was has its tag of then', async () => {
  const { body, headers } = await service.call('PUT', '/by-key/team:tags', config);
  await service.call('POST', `/${body.id}/execute`, { dry_run: true });
  await remove(body.id as string);
  const put = (name: string, tag: string) =>
    service.call('PUT', '/by-key/team:tags', config, { [name]: tag });
  for (const tag of ['"0"', '"2"', '"3"', '*']) {
    const refused = await put('If-Match', tag);
    expect([refused.status, refused.body.code]).toEqual([412, 'precondition_failed']);
    expect(refused.body.detail).toContain('is not there');
  }
  const past = await service.call('GET', `/${body.id}?as_of=1`);
  expect(past.headers.get('etag')).toBe(headers.get('etag'));
  expect((await put('If-None-Match', '*')).body.declared).toBe('restored');
});

it('nobody is told to come back who declares a job while others delete it', async () => {
  const { body } = await service.call('PUT', '/by-key/team:contended', config);
  const sent = Array.from({ length: 50 }, (_, nth) => [
    service.call('PUT', '/by-key/team:contended', { ...config, description: `by ${nth}` }),
    service.call('DELETE', `/${body.id}`),
  ]);
  const answers = await Promise.all(sent.flat());
  expect(answers.filter(({ status }) => ![200, 201, 404].includes(status))).toEqual([]);
});

it('a declaration that is sent back must be of the job that was read', async () => {
  const { body } = await service.call('PUT', '/by-key/team:sent-back', config);
  const put = (more: object) => service.call('PUT', '/by-key/team:sent-back', { ...body, ...more });
  expect(await put({})).toMatchObject({ status: 200, body: { declared: 'unchanged' } });
  for (const wrong of [{ created_at: '2020-01-01T00:00:00Z' }, { key: 'team:other' }, { id: 'cron-other' }])
    expect((await put(wrong)).body).toMatchObject({ status: 400, code: 'invalid_request' });
});
