import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
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

const config = { name: 'nightly', cron_expression: '0 2 * * *', labels: ['b', 'a', 'b'] };
const declare = (key: string, body: object = config, headers = {}) =>
  service.call('PUT', `/by-key/${key}`, body, headers);

describe('a declared job', () => {
  it('is created, changed, left as it is, and brought back: each answer says which', async () => {
    const created = await declare('team-a:nightly');
    expect([created.status, created.body.declared]).toEqual([201, 'created']);
    expect(created.body).toMatchObject({ key: 'team-a:nightly', labels: ['a', 'b'], config_version: 1 });
    const id = created.body.id as string;
    expect(created.headers.get('location')).toMatch(new RegExp(`/${id}$`));

    const again = await declare('team-a:nightly', { ...config, labels: ['a', 'b'] });
    expect([again.status, again.body.declared, again.headers.get('etag')]).toEqual([200, 'unchanged', '"1"']);

    const changed = await declare('team-a:nightly', { ...config, timeout_seconds: 60, reason: 'too long' });
    expect([changed.status, changed.body.declared, changed.body.timeout_seconds]).toEqual([
      200,
      'updated',
      60,
    ]);
    const back = await declare('team-a:nightly');
    expect([back.body.declared, back.body.timeout_seconds]).toEqual(['updated', 3_600]);

    await service.call('DELETE', `/${id}`);
    expect((await service.call('GET', '/by-key/team-a:nightly')).status).toBe(404);
    const restored = await declare('team-a:nightly', { ...config, cron_expression: '0 3 * * *' });
    expect([restored.status, restored.body.declared, restored.body.id]).toEqual([201, 'restored', id]);
    expect(restored.body.cron_expression).toBe('0 3 * * *');

    // The other instance reads of it a moment later.
    const read = await eventually('the other instance shows it', async () => {
      const answer = await other.call('GET', '/by-key/team-a:nightly');
      return answer.status === 200 && answer;
    });
    expect(read.body).toMatchObject({ id, key: 'team-a:nightly', cron_expression: '0 3 * * *' });
    expect(read.headers.get('etag')).toBe(restored.headers.get('etag'));
    const listed = await service.call('GET', `/${id}`);
    expect(listed.body).toEqual(read.body);
  });

  it('is one job with one event when 100 instances declare it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 ? service : other).call('PUT', '/by-key/crowd', config),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(200)]).toEqual([1, 99]);
    const stream = jobStream(answers[0]?.body.id as string);
    const events = await service.app.adapters.log.readStream(stream, { direction: 'forwards', limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(['CronJobScheduled']);
  });

  it('is brought back once when 100 instances declare it at once after a delete', async () => {
    const { body } = await declare('back');
    await service.call('DELETE', `/${body.id}`);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 ? service : other).call('PUT', '/by-key/back', config),
      ),
    );
    const done = answers.map(({ status, body: { declared } }) => `${status} ${declared}`);
    expect([...new Set(done)].sort()).toEqual(['200 unchanged', '201 restored']);
    expect(done.filter((one) => one === '201 restored')).toHaveLength(1);
  });

  it('is only created under If-None-Match: *, and only changed under If-Match', async () => {
    const absent = { 'If-None-Match': '*' };
    expect((await declare('once', config, absent)).status).toBe(201);
    expect((await declare('once', config, absent)).status).toBe(412);
    expect((await declare('never', config, { 'If-Match': '*' })).status).toBe(412);
    expect((await service.call('GET', '/by-key/never')).status).toBe(404);
    const changed = { ...config, name: 'changed' };
    expect((await declare('once', changed, { 'If-Match': '"7"' })).status).toBe(412);
    expect((await declare('once', changed, { 'If-Match': '"1"' })).status).toBe(200);
    const { body } = await service.call('GET', '/by-key/once');
    await service.call('DELETE', `/${body.id}`);
    expect((await declare('once', config, absent)).body.declared).toBe('restored');
  });

  it('keeps its key over updates of it, which cannot change it', async () => {
    const { body } = await declare('kept');
    for (const wrong of [{ key: 'other' }, { ...body, key: 'other' }, { ...body, key: null }]) {
      const refused = await service.call('PUT', `/${body.id}`, wrong);
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
    }
    expect((await service.call('PUT', `/${body.id}`, body)).body.config_version).toBe(1);
    expect((await declare('kept', body)).body.declared).toBe('unchanged');
    expect((await declare('kept-not', body)).status).toBe(400);
    await service.call('PUT', `/${body.id}`, { name: 'x', labels: [] });
    expect((await service.call('GET', '/by-key/kept')).body).toMatchObject({ key: 'kept', labels: [] });
    expect((await service.call('POST', '', config)).body.key).toBeNull();
  });

  it.each([
    ['a%20b', {}],
    ['-a', {}],
    ['x'.repeat(129), {}],
    ['ok', { labels: 'a' }],
    ['ok', { labels: Array.from({ length: 21 }, (_, index) => `${index}`) }],
    ['ok', { labels: [''] }],
    ['ok', { labels: ['\u0000'] }],
    ['ok', { key: 'ok' }],
    ['ok', { name: undefined }],
  ])('is refused when its key or its fields are wrong: %s %j', async (key, changes) => {
    const answer = await declare(key, { ...config, ...changes });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});
