import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noCredentials } from '../../src/access/no-credentials.js';
import { BASE_PATH } from '../../src/http/api.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { routesOf, sampleOf } from './access-table.js';
import { createAccessWorld, sampleCredentials } from './access-world.js';
import { expectProblem } from './expect-problem.js';
import { rawBytes, rawRequest, type RawAnswer } from './raw-request.js';

const APP = 'https://app.example.com';
const LOCAL = 'http://localhost:5173';
const EVIL = 'https://evil.example';
const JSON_TYPE = { 'content-type': 'application/json' };

let service: RunningApp;
let id: string;

beforeAll(async () => {
  service = await startApp({
    DATA_DIR: temporaryFolder(),
    CORS_ORIGINS: `${APP}, ${LOCAL}`,
    PROBE_PORT: '0',
  });
  id = String((await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' })).body.id);
});
afterAll(() => service.app.stop());

const send = (
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string,
): Promise<RawAnswer> =>
  rawRequest(service.address, { method, path, headers, ...(body !== undefined && { body }) });

const preflight = (
  path: string,
  method = 'POST',
  origin: string | string[] = APP,
  address = service.address,
): Promise<RawAnswer> =>
  rawRequest(address, {
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type,x-api-key',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'cors',
    },
  });

const ofCors = ({ headers }: RawAnswer): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control'));
const list = (text: unknown): string[] =>
  String(text)
    .split(', ')
    .map((item) => item.toLowerCase());

function expectReadable(answer: RawAnswer, origin: string): void {
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
  expect(list(answer.headers['access-control-expose-headers'])).toEqual(
    expect.arrayContaining(['etag', 'location', 'retry-after', 'x-request-id', 'link', 'reads-lag']),
  );
  // A browser must add no cookie of its own, nor take a wildcard for the origin.
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
}

describe('a page of an allowed origin', () => {
  it.each([APP, LOCAL])('creates, changes, executes, reads and deletes: %s', async (origin) => {
    const headers = { ...JSON_TYPE, origin, 'sec-fetch-site': 'cross-site' };
    const created = await send('POST', BASE_PATH, headers, '{"name":"mine","cron_expression":"0 2 * * *"}');
    expect(created.status).toBe(201);
    const path = `${BASE_PATH}/${(JSON.parse(created.text) as { id: string }).id}`;
    const answers = [
      created,
      await send('PUT', path, headers, '{"enabled":false}'),
      await send('POST', `${path}/execute`, headers, '{"dry_run":true}'),
      await send('GET', path, { origin, 'sec-fetch-site': 'cross-site' }),
      await send('HEAD', path, { origin }),
      await send('DELETE', path, { origin, 'sec-fetch-site': 'same-site' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 202, 200, 200, 200]);
    for (const answer of answers) expectReadable(answer, origin);
  });

  it.each<[number, string, string, string, Record<string, string>, string | undefined]>([
    [400, 'invalid_request', 'GET', `${BASE_PATH}?page=0`, {}, undefined],
    [400, 'invalid_json', 'POST', BASE_PATH, JSON_TYPE, '{'],
    [404, 'path_not_found', 'GET', '/nothing', {}, undefined],
    [404, 'path_not_found', 'GET', '/%', {}, undefined],
    [404, 'cron_job_not_found', 'GET', `${BASE_PATH}/cron-none`, {}, undefined],
    [405, 'method_not_allowed', 'PATCH', BASE_PATH, {}, undefined],
    [413, 'body_too_large', 'POST', BASE_PATH, JSON_TYPE, 'x'.repeat(300_000)],
    [415, 'unsupported_media_type', 'POST', BASE_PATH, { 'content-type': 'text/plain' }, 'x'],
    [421, 'host_not_allowed', 'GET', BASE_PATH, { host: 'evil.example' }, undefined],
    [403, 'loopback_only', 'GET', `${BASE_PATH}/certifications`, {}, undefined],
  ])('is told what is wrong: %s %s', async (status, code, method, path, headers, body) => {
    const answer = await send(method, path, { ...headers, origin: APP }, body);
    expectProblem(
      { status: answer.status, contentType: answer.headers['content-type'], text: answer.text },
      { status, code },
    );
    expectReadable(answer, APP);
  });

  it('follows events, and sees where they begin', async () => {
    const stream = await fetch(`${service.api}/events/stream`, { headers: { origin: APP } });
    expect(stream.headers.get('access-control-allow-origin')).toBe(APP);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    await stream.body?.cancel();
  });

  it('reads the probes and the metrics of the API, and nothing on the port of the probes', async () => {
    for (const path of ['/livez', '/readyz', '/metrics'])
      expectReadable(await send('GET', path, { origin: APP }), APP);
    const { probes } = service.logged.find(({ message }) => message === 'ready')?.fields as {
      probes: string;
    };
    const there = await rawRequest(probes, { method: 'GET', path: '/livez', headers: { origin: APP } });
    expect([there.status, ofCors(there)]).toEqual([200, []]);
    expect(ofCors(await preflight('/livez', 'GET', APP, probes))).toEqual([]);
  });
});

describe('any other page', () => {
  it.each<[string, string | string[]]>([
    ['of another site', EVIL],
    ['of no origin', 'null'],
    ['with a longer name', `${APP}.evil.example`],
    ['with a name that ends so', 'https://evil-app.example.com'],
    ['of another scheme', 'http://app.example.com'],
    ['of another port', `${APP}:8443`],
    ['of another port of this machine', 'http://localhost:5174'],
    ['with a slash', `${APP}/`],
    ['with a user', 'https://user@app.example.com'],
    ['in capitals', APP.toUpperCase()],
    ['with two origins in one', `${APP} ${EVIL}`],
    ['with two origins', [APP, EVIL]],
    ['with the same origin twice', [APP, APP]],
    ['with all of them', '*'],
    ['with an empty one', ''],
  ])('reads and writes nothing: %s', async (_, origin) => {
    const read = await send('GET', BASE_PATH, { origin });
    expect([read.status, read.headers.vary, ofCors(read)]).toEqual([200, 'Origin', []]);
    const written = await send('POST', `${BASE_PATH}/${id}/execute`, { ...JSON_TYPE, origin }, '{}');
    expect([written.status, ofCors(written)]).toEqual([403, []]);
    const asked = await preflight(BASE_PATH, 'POST', origin);
    expect([asked.status, asked.headers.allow, ofCors(asked)]).toEqual([204, 'GET, HEAD, POST, OPTIONS', []]);
  });

  it('which is its own, or no page, is served as ever', async () => {
    const own = `http://127.0.0.1:${new URL(service.address).port}`;
    const headers = [{ ...JSON_TYPE, origin: own, 'sec-fetch-site': 'same-origin' }, JSON_TYPE];
    for (const given of headers) {
      const answer = await send('POST', `${BASE_PATH}/${id}/execute`, given, '{"dry_run":true}');
      expect([answer.status, answer.headers.vary, ofCors(answer)]).toEqual([202, 'Origin', []]);
    }
  });
});

describe('a preflight', () => {
  const all = routesOf(createAccessWorld(noCredentials).api).flatMap(({ path, methods, mounts }) =>
    mounts.map((mount) => ({ path: mount + path, methods })),
  );

  it.each(all)('says what may be done at $path', async ({ path, methods }) => {
    for (const asked of [...methods, 'PATCH']) {
      const answer = await preflight(sampleOf(path), asked);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expectReadable(answer, APP);
      const may = list(answer.headers['access-control-allow-methods']);
      expect(may.filter((method) => method !== 'head').sort()).toEqual(
        methods.map((method) => method.toLowerCase()).sort(),
      );
      expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThan(600);
    }
  });

  it('allows the headers that clients of this service send', async () => {
    const { headers } = await preflight(BASE_PATH);
    expect(list(headers['access-control-allow-headers'])).toEqual(
      expect.arrayContaining([
        ...['authorization', 'x-api-key', 'content-type', 'if-match', 'if-none-match', 'idempotency-key'],
        ...['last-event-id', 'x-request-id', 'traceparent', 'tracestate'],
      ]),
    );
  });

  it('of a path that is none fails', async () => {
    for (const path of ['/nothing', `${BASE_PATH}/cron-1/nothing`, '/dashboard'])
      expect((await preflight(path)).status).toBe(404);
  });

  it('is none without the method that is asked for', async () => {
    const answer = await send('OPTIONS', BASE_PATH, { origin: APP });
    expect([answer.status, answer.headers.allow]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods');
  });

  it('under a foreign name is refused as everything is', async () => {
    const headers = { origin: APP, 'access-control-request-method': 'POST', host: 'evil.example' };
    expect((await send('OPTIONS', BASE_PATH, headers)).status).toBe(421);
  });
});

describe('with credentials', () => {
  const world = createAccessWorld(sampleCredentials, 3, [APP]);
  let address: string;
  beforeAll(async () => {
    address = await world.listen('elsewhere');
  });
  afterAll(() => world.close());

  const ask = (method: string, path: string, headers = {}): Promise<RawAnswer> =>
    rawRequest(address, { method, path: BASE_PATH + path, headers: { origin: APP, ...headers } });

  it('a preflight needs none, begins no work, and counts for no limit', async () => {
    world.reached();
    for (const path of ['', '/cron-1', '/cron-1/execute', '/certifications', '/events/stream'])
      for (let times = 0; times < 5; times++)
        expect((await preflight(BASE_PATH + path, 'GET', APP, address)).status).toBe(204);
    expect(world.reached()).toEqual(new Set());
    expect((await ask('GET', '/leader', { 'x-api-key': 'read' })).status).toBe(200);
  });

  it('nothing else gets by as one', async () => {
    for (const headers of [{}, { 'access-control-request-method': 'GET' }])
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
        const { status } = await ask(method, '/cron-1', headers);
        expect([method, status]).toEqual([method, 401]);
      }
    expect((await ask('OPTIONS', '/cron-1')).status).toBe(401);
    expect((await preflight(`${BASE_PATH}/cron-1`, 'GET', EVIL, address)).status).toBe(401);
  });

  it('refusals of all kinds can be read, and say when to come back', async () => {
    const answers = [
      await ask('GET', '/leader'),
      await ask('POST', '', { 'x-api-key': 'read' }),
      await ask('GET', '', { 'x-api-key': 'admin' }),
      await ask('GET', '/leader', { 'x-api-key': 'people' }),
    ];
    for (let times = 0; times < 3; times++)
      answers.push(await ask('GET', '/leader', { 'x-api-key': 'admin' }));
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 503, 403, 200, 200, 429]);
    for (const answer of answers) expectReadable(answer, APP);
    expect(answers.at(-1)?.headers['retry-after']).toMatch(/^\d+$/);
  });
});

it('a fault of the program can be read, too', async () => {
  const failing = { areConfigured: true, identify: () => Promise.reject(new Error('secret')) };
  const broken = createAccessWorld(failing, undefined, [APP]);
  const address = await broken.listen('this machine');
  const headers = { origin: APP };
  const answer = await rawRequest(address, { method: 'GET', path: `${BASE_PATH}/leader`, headers });
  await broken.close();
  expect([answer.status, answer.text.includes('secret')]).toEqual([500, false]);
  expectReadable(answer, APP);
});

it('thousands of preflights keep nobody waiting, and leave nothing in the log', async () => {
  const before = service.logged.length;
  const head = `OPTIONS ${BASE_PATH}/cron-1/execute HTTP/1.1\r\nHost: localhost\r\nOrigin: ${APP}\r\n`;
  const asked = `${head}Access-Control-Request-Method: POST\r\n`;
  const hundred = `${asked}\r\n`.repeat(99) + `${asked}Connection: close\r\n\r\n`;
  for (let wave = 0; wave < 5; wave++) {
    const flood = Promise.all(Array.from({ length: 10 }, () => rawBytes(service.address, hundred)));
    const begun = performance.now();
    expect((await service.call('GET', `/${id}`)).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(5_000);
    const answers = (await flood).map((text) => text.split('HTTP/1.1 204').length - 1);
    expect(answers).toEqual(answers.map(() => 100));
  }
  expect(service.logged.slice(before)).toEqual([]);
});
