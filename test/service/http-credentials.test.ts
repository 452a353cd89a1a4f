import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { hashOf, keyText } from '../../src/access/api-keys.js';
import { createLogger } from '../../src/adapters/system/logger.js';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { createApp, type App } from '../../src/service/app.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { startApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';
import { expectProblemShape } from './expect-problem.js';
import { followStream, type StreamClient } from './stream-client.js';
import { rawRequest, type RawAnswer, type RawRequest } from './raw-request.js';

const API = '/api/v1/certification-cron';
const NOW = '2026-03-26T10:00:30.000Z';
const PROXY = '127.0.0.2';
const CANARY = 'Can4ryWord';
/** With a canary in it, as all that follow. */
const madeKey = (): string =>
  keyText(Buffer.concat([Buffer.from(`${CANARY}${CANARY}`, 'base64url'), randomBytes(17)]));
const KEY = madeKey();
const NEXT_KEY = madeKey();
const OLD_KEY = madeKey();
const JOB = JSON.stringify({ name: 'yearly', cron_expression: '0 0 1 1 *' });

const folder = temporaryFolder();
const keysFile = join(folder, 'keys.json');
const lines: string[] = [];
const answers: RawAnswer[] = [];
let clock: VirtualClock;
let app: App;
let address: string;
let issuer: Server;
let signer: Awaited<ReturnType<typeof generateKeyPair>>;
let kid = 'one';
let issuerIsDown = false;
let listFails = false;

function writeKeys(entries: Record<string, { scopes: string[]; name?: string; expires_at?: string }>): void {
  const keys = Object.entries(entries).map(([text, { name = 'sync', scopes, expires_at = null }]) => ({
    name,
    hash: `sha256:${hashOf(text).toString('hex')}`,
    scopes,
    expires_at,
  }));
  writeFileSync(`${keysFile}.new`, JSON.stringify({ keys }));
  renameSync(`${keysFile}.new`, keysFile);
}

/** Answers with its public key. */
async function startIssuer(): Promise<string> {
  signer = await generateKeyPair('ES256', { extractable: true });
  issuer = createServer((_, response) => {
    if (issuerIsDown) response.writeHead(500).end(CANARY);
    else
      void exportJWK(signer.publicKey).then((jwk) =>
        response.end(JSON.stringify({ keys: [{ ...jwk, kid }] })),
      );
  }).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  return `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`;
}

const token = (more: object = {}): Promise<string> =>
  new SignJWT({
    iss: 'id',
    aud: 'cron',
    sub: 'anna',
    exp: Date.parse(NOW) / 1_000 + 3_600,
    scope: 'read write',
    canary: CANARY,
    ...more,
  })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(signer.privateKey);

beforeAll(async () => {
  clock = createVirtualClock(NOW);
  writeKeys({
    [KEY]: { scopes: ['read', 'operate', 'write'] },
    [OLD_KEY]: { scopes: ['read'], expires_at: NOW },
  });
  const env = {
    PORT: '0',
    DATA_DIR: folder,
    API_KEYS_FILE: keysFile,
    JWT_JWKS_URL: await startIssuer(),
    JWT_ISSUER: 'id',
    JWT_AUDIENCE: 'cron',
    ACTOR_HEADER: 'X-User',
    TRUSTED_PROXIES: PROXY,
    ACTOR_SCOPES: 'read,write',
  };
  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR: folder }), {
    clock,
    logger: createCollectingLogger(),
  });
  const write = (line: string): void => void lines.push(line);
  app = await createApp(loadConfig(env), {
    clock,
    log,
    registry,
    store: {
      ...store,
      listJobs: (query) => (listFails ? Promise.reject(new TypeError('x')) : store.listJobs(query)),
    },
    logger: createLogger('debug', { write, dropped: () => 0, takesLines: () => true }),
  });
  address = await app.start();
});

afterAll(async () => {
  await app.stop();
  issuer.closeAllConnections();
  issuer.close();
  // The last test has read what was said until then.
  expect(lines.filter((line) => line.includes(CANARY))).toEqual([]);
});

async function ask(headers: RawRequest['headers'] = {}, more: Partial<RawRequest> = {}): Promise<RawAnswer> {
  const answer = await rawRequest(address, { method: 'GET', path: API, headers, ...more });
  answers.push(answer);
  return answer;
}

const bearer = (text: string): Record<string, string> => ({ authorization: `Bearer ${text}` });

async function create(headers: Record<string, string>, from?: string): Promise<string> {
  const answer = await ask(
    { ...headers, 'content-type': 'application/json' },
    { method: 'POST', body: Buffer.from(JOB), ...(from !== undefined && { from }) },
  );
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.text) as { id: string }).id;
}

function expectRefusal(answer: RawAnswer, hasShown: boolean, fault = 'invalid_token'): void {
  expect(answer.status).toBe(401);
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  expectProblemShape(body, 401);
  expect(body.code).toBe('unauthorized');
  const challenge = 'Bearer realm="certification-cron"';
  expect(answer.headers['www-authenticate']).toBe(hasShown ? `${challenge}, error="${fault}"` : challenge);
}

describe('a service with credentials', () => {
  it('says which kinds are in force', () => {
    const ready = lines.find((line) => line.includes('"ready"')) ?? '{}';
    expect(JSON.parse(ready)).toMatchObject({ credentials: ['keys', 'tokens', 'proxies'] });
  });

  it('asks for one, everywhere but at the probes and the dashboard', async () => {
    for (const path of [
      API,
      `${API}/`,
      `${API}${API}`,
      `${API}/leader`,
      `${API}/access`,
      '/metrics',
      '/dashboard',
      '/nothing',
      '/livez/x',
    ])
      expectRefusal(await ask({}, { path }), false);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
      expect((await ask({}, { method })).status).toBe(401);
    for (const path of ['/livez', '/readyz', '/']) expect((await ask({}, { path })).status).toBe(200);
    expect((await ask(bearer(KEY.toLowerCase()), { path: '/livez' })).status).toBe(200);
  });

  it('refuses before it reads the body', async () => {
    const answer = await ask(
      { 'content-type': 'text/plain' },
      { method: 'POST', body: 'x'.repeat(1_000_000) },
    );
    expectRefusal(answer, false);
  });

  it('names in each event who has caused it', async () => {
    const ids = [
      await create(bearer(KEY)),
      await create({ 'x-api-key': KEY }),
      await create(bearer(await token())),
      // As bytes of UTF-8, which is how a proxy sends it.
      await create({ 'x-user': Buffer.from('Ännchen').toString('latin1') }, PROXY),
    ];
    const events = await readWholeLog(app.adapters.log);
    const actors = ids.map(
      (id) => events.find(({ data }) => 'cron_id' in data && data.cron_id === id)?.metadata.actor,
    );
    expect(actors).toEqual(['key:sync', 'key:sync', 'user:anna', 'proxy:Ännchen']);
    expect(JSON.stringify(events)).not.toContain(CANARY);
  });

  it('shows whoever may write a job that job, also by a change of nothing, and no more', async () => {
    const path = `${API}/${await create(bearer(KEY))}`;
    const put = (body: string) => ({ method: 'PUT', path, body });
    for (const scope of ['operate', 'write']) {
      const by = { ...bearer(await token({ scope })), 'content-type': 'application/json' };
      const whole = JSON.parse((await ask(bearer(KEY), { path })).text) as unknown;
      for (const body of ['{}', '{"enabled":true}']) {
        const { status, text } = await ask(by, put(body));
        expect([status, JSON.parse(text)]).toEqual([200, whole]);
      }
      for (const end of ['', '/runs', '/events', '/slots'])
        expect((await ask(by, { path: path + end })).status).toBe(403);
    }
    expect((await ask({ ...bearer(await token({ scope: 'people' })) }, put('{}'))).status).toBe(403);
  });

  it.each<[string, RawRequest['headers']]>([
    ['a key that nobody has', bearer(NEXT_KEY)],
    ['a key that has expired', bearer(OLD_KEY)],
    ['a key in capitals', bearer(KEY.toUpperCase())],
    ['a blank in it', { authorization: `Bearer ${KEY.slice(0, 20)} ${KEY.slice(20)}` }],
    ['another scheme', { authorization: `Basic ${KEY}` }],
    ['no token', bearer(CANARY)],
    ['the actor of a proxy, from elsewhere', { 'x-user': CANARY }],
    ['the actor of a proxy beside a key, from elsewhere', { 'x-user': 'anna', 'x-api-key': KEY }],
  ])('refuses %s', async (_, headers) => {
    expectRefusal(await ask(headers), true);
  });

  it.each<[string, RawRequest['headers']]>([
    ['a key and another one', { ...bearer(KEY), 'x-api-key': NEXT_KEY }],
    ['the header twice', { authorization: [`Bearer ${KEY}`, `Bearer ${KEY}`] }],
    ['the other header twice', { 'x-api-key': [KEY, KEY] }],
  ])('refuses %s as a wrong request', async (_, headers) => {
    expectRefusal(await ask(headers), true, 'invalid_request');
  });

  it('says to whoever shows a key or token by Authorization that its scopes are too few', async () => {
    const path = `${API}/certifications`;
    for (const [headers, challenge] of [
      [bearer(KEY), 'Bearer realm="certification-cron", error="insufficient_scope"'],
      [{ 'x-api-key': KEY }, undefined],
    ] as const) {
      const answer = await ask(headers, { path });
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, challenge]);
    }
  });

  it('refuses a token that is not for it', async () => {
    for (const more of [{ aud: CANARY }, { exp: 1 }, { sub: `${CANARY}\n` }])
      expectRefusal(await ask(bearer(await token(more))), true);
  });

  it('believes a proxy only what can be a name, once', async () => {
    expectRefusal(await ask({ 'x-user': ['anna', 'bert'] }, { from: PROXY }), true, 'invalid_request');
    expectRefusal(await ask({ 'x-user': '' }, { from: PROXY }), true);
    expectRefusal(await ask({ 'x-user': '\xff' }, { from: PROXY }), true);
    expectRefusal(await ask({}, { from: PROXY }), false);
    expect((await ask({ 'x-user': 'anna' }, { from: PROXY })).status).toBe(200);
  });

  it('takes new keys, and forgets withdrawn ones, soon after the file has changed', async () => {
    writeKeys({ [KEY]: { scopes: ['read'] }, [NEXT_KEY]: { scopes: ['read', 'write'] } });
    const status = async (key: string): Promise<number> => {
      await clock.advance(1_000);
      return (await ask({ 'x-api-key': key })).status;
    };
    await eventually('the next key', async () => (await status(NEXT_KEY)) === 200);
    expect(await status(KEY)).toBe(200);
    const expiring = await token({ exp: Math.floor(clock.now() / 1_000) - 29 });
    const open = (shown: string): Promise<StreamClient> =>
      followStream(`${address}${API}/events/stream`, bearer(shown));
    const streams = await Promise.all([KEY, NEXT_KEY, expiring].map(open));
    writeKeys({ [NEXT_KEY]: { scopes: ['read', 'write'] } });
    await eventually('the end of the first', async () => (await status(KEY)) === 401);
    await clock.advance(1_000);
    await eventually(
      'the end of their streams',
      () => streams[0]?.ended() === true && streams[2]?.ended() === true,
    );
    expect(streams.map(({ status: answered, ended }) => [answered, ended()])).toEqual([
      [200, true],
      [200, false],
      [200, true],
    ]);
    streams[1]?.hangUp();
    writeFileSync(keysFile, `{"keys": "${CANARY}"`);
    await eventually('the ERROR', async () => {
      await clock.advance(1_000);
      return lines.some((line) => line.includes('API keys cannot be read'));
    });
    expect(await status(NEXT_KEY)).toBe(200);
    const { text } = await ask({ 'x-api-key': NEXT_KEY }, { path: '/metrics' });
    expect(Number(/^certification_cron_api_keys_file_stale_seconds (\S+)/m.exec(text)?.[1])).toBeGreaterThan(
      0,
    );
  });

  it('says 503 while it cannot ask the issuer, and takes its new keys without a restart', async () => {
    signer = await generateKeyPair('ES256', { extractable: true });
    kid = 'two';
    const rotated = await token({ exp: Date.parse(NOW) / 1_000 + 100_000 });
    await clock.advance(10_000);
    issuerIsDown = true;
    const refused = await Promise.all(Array.from({ length: 20 }, () => ask(bearer(rotated))));
    for (const { status, headers, text } of refused) {
      expect([status, headers['retry-after']]).toEqual([503, '2']);
      expect(text).toContain('credentials_unavailable');
    }
    expect((await ask({ 'x-api-key': NEXT_KEY })).status).toBe(200);
    issuerIsDown = false;
    await clock.advance(2_000);
    expect((await ask(bearer(rotated))).status).toBe(200);
  });

  it('names the sender in the line of a request that failed', async () => {
    listFails = true;
    expect((await ask({ 'x-api-key': NEXT_KEY })).status).toBe(500);
    listFails = false;
    const line = lines.find((each) => each.includes('request failed')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ actor: 'key:sync' });
  });

  it('counts what it has refused, and writes no line of it', async () => {
    const { text } = await ask({ 'x-api-key': NEXT_KEY }, { path: '/metrics' });
    const counted = (reason: string): number =>
      Number(new RegExp(`refused_requests_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1]);
    for (const reason of [
      'no_credential',
      'unknown_key',
      'expired_key',
      'invalid_token',
      'actor_not_trusted',
    ])
      expect(counted(reason)).toBeGreaterThan(0);
    expect(counted('two_credentials')).toBeGreaterThan(2);
    expect(counted('forbidden')).toBeGreaterThan(1);
    expect(counted('rate_limited')).toBe(0);
    expect(counted('issuer_unavailable')).toBe(20);
    expect(lines.filter((line) => line.includes('unauthorized'))).toEqual([]);
  });

  it('lets no secret out: in no line, answer, metric or event', async () => {
    const elsewhere = { cookie: CANARY, 'x-forwarded-for': CANARY, referer: CANARY, 'user-agent': KEY };
    for (const headers of [elsewhere, { ...elsewhere, 'x-api-key': NEXT_KEY }])
      for (const query of [`api_key=${NEXT_KEY}`, `limit=${CANARY}`])
        await ask(headers, { path: `${API}?${query}` });
    const events = await readWholeLog(app.adapters.log);
    const said = [...lines, ...answers.map(({ headers, text }) => JSON.stringify(headers) + text)].join('\n');
    expect(said.length).toBeGreaterThan(10_000);
    for (const secret of [CANARY, KEY, NEXT_KEY, hashOf(KEY).toString('hex'), await token()])
      expect((said + JSON.stringify(events)).includes(secret)).toBe(false);
  });
});

describe('a service that cannot begin', () => {
  it.each<[string, string | undefined, string]>([
    ['without the file', undefined, 'cannot be read (ENOENT)'],
    ['with a key in the file', JSON.stringify({ keys: [{ name: 'a', hash: KEY }] }), 'keys[0].hash must be'],
  ])('%s says so, and nothing of the keys', async (_, text, reason) => {
    const file = join(temporaryFolder(), CANARY);
    if (text !== undefined) writeFileSync(file, text);
    const error: unknown = await startApp({ API_KEYS_FILE: file, DATA_DIR: folder }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as Error;
    expect(message).toContain('API_KEYS_FILE must be');
    expect(message).toContain(reason);
    for (const secret of [CANARY, KEY]) expect(message).not.toContain(secret);
  });

  it('with its server says so, and nothing of the password', async () => {
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const env = {
      PORT: '0',
      DATA_DIR: temporaryFolder(),
      MONGODB_URL: `mongodb://admin:${CANARY}@127.0.0.1:1/db`,
    };
    const alone = await createApp(loadConfig(env), {
      logger: createLogger('debug', { write, dropped: () => 0, takesLines: () => true }),
    });
    const answer = await rawRequest(await alone.start(), { method: 'GET', path: API });
    await alone.stop();
    expect(answer.status).toBe(503);
    for (const server of ['127.0.0.1:1', 'request deferred'])
      expect(lines.some((line) => line.includes(server))).toBe(true);
    expect([answer.text, ...lines].filter((line) => line.includes(CANARY))).toEqual([]);
  });
});
