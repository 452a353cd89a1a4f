import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../src/access/api-keys.js';
import { noCredentials } from '../../src/access/no-credentials.js';
import { SCOPES } from '../../src/access/principal.js';
import { BASE_PATH } from '../../src/http/api.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createAccessWorld } from './access-world.js';
import { expectProblem } from './expect-problem.js';
import { rawRequest, type RawAnswer } from './raw-request.js';

const PATH = `${BASE_PATH}/access`;
const PROXY = '127.0.0.2';
const BUT_PEOPLE = ['read', 'operate', 'write', 'admin'];
const accessOf = ({ status, text }: RawAnswer): unknown[] => {
  const { actor, scopes } = JSON.parse(text) as Record<string, unknown>;
  return [status, actor, scopes];
};

describe('without credentials', () => {
  let service: RunningApp;
  beforeAll(async () => {
    service = await startApp({ DATA_DIR: temporaryFolder(), ALLOWED_HOSTS: 'cron.example.com' });
  });
  afterAll(() => service.app.stop());
  const ask = (headers: Record<string, string> = {}, method = 'GET', path = PATH): Promise<RawAnswer> =>
    rawRequest(service.address, { method, path, headers });

  it('whoever asks on this machine may do everything, under both base paths', async () => {
    for (const path of [PATH, BASE_PATH + PATH])
      expect(accessOf(await ask({}, 'GET', path))).toEqual([200, 'anonymous', SCOPES]);
  });

  it.each([
    { 'X-Forwarded-For': '10.0.0.1' },
    { Forwarded: 'for=10.0.0.1' },
    { Via: '1.1 proxy' },
    { Host: 'cron.example.com' },
  ])('behind a proxy, as %j says, all but to read what names mentors', async (headers) => {
    const sent = { Host: 'localhost', ...headers } as Record<string, string>;
    expect(accessOf(await ask(sent))).toEqual([200, 'anonymous', BUT_PEOPLE]);
    // As it is when it is tried.
    expect((await ask(sent, 'GET', `${BASE_PATH}/certifications`)).status).toBe(403);
  });

  it('from elsewhere the same', async () => {
    const world = createAccessWorld(noCredentials);
    const address = await world.listen('elsewhere');
    const answer = await rawRequest(address, { method: 'GET', path: PATH });
    await world.close();
    expect(accessOf(answer)).toEqual([200, 'anonymous', BUT_PEOPLE]);
  });

  it('is only read, and takes no parameters', async () => {
    const [get, head] = [await ask(), await ask({}, 'HEAD')];
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(get.headers['cache-control']).toBe('no-store');
    const options = await ask({}, 'OPTIONS');
    expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect((await ask({}, method)).status).toBe(405);
    for (const search of ['?scopes=people', '?__proto__=x', '?actor=admin&actor=other']) {
      const { status, headers, text } = await ask({}, 'GET', PATH + search);
      expectProblem(
        { status, text, contentType: headers['content-type'] },
        { status: 400, code: 'invalid_request', field: search.slice(1).split('=')[0] ?? '', says: 'is no' },
      );
    }
    for (const path of [`${PATH}/`, `${BASE_PATH}/ACCESS`, `${BASE_PATH}/%61ccess`])
      expect([200, 400, 404]).toContain((await ask({}, 'GET', path)).status);
  });
});

describe('with credentials', () => {
  const keyOf = (name: string): string => `cck_${name.padEnd(43, 'x')}`;
  const KEYS: [name: string, scopes: string[], may: string[]][] = [
    ...SCOPES.map((scope): [string, string[], string[]] => [
      scope,
      [scope],
      scope === 'admin' ? BUT_PEOPLE : [scope],
    ]),
    ['reader', ['people', 'read'], ['read', 'people']],
    ['everything', ['admin', 'people'], [...SCOPES]],
  ];
  let service: RunningApp;
  beforeAll(async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'keys.json');
    const keys = KEYS.map(([name, scopes]) => ({
      name,
      hash: `sha256:${hashOf(keyOf(name)).toString('hex')}`,
      scopes,
      expires_at: null,
    }));
    writeFileSync(file, JSON.stringify({ keys }), { mode: 0o600 });
    service = await startApp({
      DATA_DIR: folder,
      API_KEYS_FILE: file,
      ACTOR_HEADER: 'X-User',
      TRUSTED_PROXIES: PROXY,
      ACTOR_SCOPES: 'read,people',
    });
  });
  afterAll(() => service.app.stop());
  const ask = (headers: Record<string, string>, method = 'GET', from = '127.0.0.1'): Promise<RawAnswer> =>
    rawRequest(service.address, { method, path: PATH, headers, from });

  it('whom a trusted proxy names may do what those may that it names', async () => {
    const named = await ask({ 'x-user': 'anna' }, 'GET', PROXY);
    expect(accessOf(named)).toEqual([200, 'proxy:anna', ['read', 'people']]);
    expect((await ask({ 'x-user': 'anna' })).status).toBe(401);
  });

  it.each(KEYS)('the key %s of %j may do %j, from wherever it is shown', async (name, _, may) => {
    const key = keyOf(name);
    for (const headers of [
      { 'x-api-key': key },
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key, 'x-forwarded-for': '10.0.0.1' },
    ])
      expect(accessOf(await ask(headers as Record<string, string>))).toEqual([200, `key:${name}`, may]);
  });

  it.each([{}, { 'x-api-key': keyOf('nobody') }, { authorization: 'Bearer eyJ.eyJ.x' }, { cookie: 'key=x' }])(
    'whoever shows none that is known is told nothing: %j',
    async (headers) => {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST'])
        expect((await ask(headers as Record<string, string>, method)).status).toBe(401);
    },
  );

  it('200 at once are each told of themselves', async () => {
    const asked = Array.from({ length: 200 }, (_, nth) => KEYS[nth % KEYS.length] ?? KEYS[0]);
    const answers = await Promise.all(asked.map((key) => ask({ 'x-api-key': keyOf(key?.[0] ?? '') })));
    expect(answers.map(accessOf)).toEqual(asked.map((key) => [200, `key:${key?.[0]}`, key?.[2]]));
  });
});
