import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPrincipal, type Scope } from '../../src/access/principal.js';
import { BASE_PATH } from '../../src/http/api.js';
import { routeScopes, type Method } from '../../src/http/route-scopes.js';
import {
  askEverything,
  BODIES,
  ELSEWHERE,
  HERE,
  NOBODY,
  sampleOf,
  SENDERS,
  startSenders,
  tableText,
  withTable,
  type AccessTable,
  type Outcome,
  type Route,
  type Row,
  type Senders,
} from './access-table.js';
import { ask, createAccessWorld, sampleCredentials } from './access-world.js';
import { rawBytes, rawRequest } from './raw-request.js';

const OPEN = [
  '/livez',
  '/readyz',
  '/openapi.json',
  '/asyncapi.json',
  '/schemas',
  '/schemas/:file',
  '/docs',
  '/docs/:file',
  '/',
  '/dashboard/:file',
];
const isOpen = ({ path, isAtRoot }: Pick<Route, 'path' | 'isAtRoot'>): boolean =>
  isAtRoot && OPEN.includes(path);
/** The endpoints of the contract. */
const CONTRACT = [
  'GET /',
  'POST /',
  'GET /:id',
  'PUT /:id',
  'DELETE /:id',
  'POST /:id/execute',
  'GET /:id/runs',
];

let senders: Senders;
let known: string;
let elsewhere: string;
let table: AccessTable;

beforeAll(async () => {
  senders = await startSenders();
  known = await senders.worlds.known.listen('this machine');
  elsewhere = await senders.worlds.anonymous.listen('elsewhere');
  table = await askEverything(senders);
});
afterAll(() => senders.close());

describe('each route, by each method, to each sender', () => {
  function expected(row: Row, sender: string): Outcome {
    const { method, path, body } = row;
    const open = isOpen(row);
    if (sender === NOBODY && !open) return '401';
    const asked = method === 'HEAD' ? 'GET' : method;
    const needed: readonly Scope[] | undefined = open
      ? { GET: [] }[asked]
      : routeScopes[path]?.[asked as Method];
    if (needed === undefined) return method === 'OPTIONS' ? 'yes' : '405';
    if (open || sender === HERE) return 'yes';
    if (sender === ELSEWHERE) return needed.every((scope) => scope === 'people') ? '403' : 'yes';
    const { scopes } = createPrincipal('key:any', sender.split('+') as Scope[]);
    return (body === 'of any field' ? ['write' as const] : needed).some((scope) => scopes.has(scope))
      ? 'yes'
      : '403';
  }

  it('answers as the table of scopes says, under both base paths', () => {
    const differing = table.rows.flatMap((row) =>
      SENDERS.flatMap((sender, at) => {
        const [answered, wanted] = [row.outcomes[at], expected(row, sender)];
        return answered === wanted ? [] : [{ row, sender, answered, wanted }];
      }),
    );
    expect(differing).toEqual([]);
    const mounted = table.routes.filter(({ isAtRoot }) => !isAtRoot);
    expect(mounted.length).toBeGreaterThan(14);
    expect(mounted.filter(({ mounts }) => mounts.join() !== `${BASE_PATH}${BASE_PATH},${BASE_PATH}`)).toEqual(
      [],
    );
  });

  it('is in that table, and nothing else is', () => {
    const routed = table.routes
      .filter((route) => !isOpen(route))
      .flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`));
    const scoped = Object.entries(routeScopes).flatMap(([path, needs]) =>
      Object.keys(needs).map((method) => `${method} ${path}`),
    );
    expect(routed.sort()).toEqual(scoped.sort());
  });

  it('is in the document as it is here: else write it anew by npx tsx test/service/write-access-table.ts', () => {
    const document = readFileSync('docs/security.md', 'utf8');
    expect(document).toBe(withTable(document, tableText(table)));
  });

  it('is without a fault', () => {
    const { known, anonymous } = senders.worlds;
    expect([...known.logged, ...anonymous.logged].filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('without credentials, at an address that others reach', () => {
  const at = SENDERS.indexOf(ELSEWHERE);
  const outcomeOf = (request: string): (Outcome | undefined)[] =>
    table.rows
      .filter(({ method, path, isAtRoot }) => !isAtRoot && `${method} ${path}` === request)
      .map(({ outcomes }) => outcomes[at]);

  it.each(CONTRACT)('the endpoint of the contract is answered: %s', (request) => {
    expect(new Set(outcomeOf(request))).toEqual(new Set(['yes']));
  });

  it('everything that names a mentor is refused, and the reason given', async () => {
    const paths = Object.keys(routeScopes).filter(
      (path) => routeScopes[path]?.GET?.every((scope) => scope === 'people') === true,
    );
    expect(paths).toHaveLength(4);
    senders.worlds.anonymous.reached();
    for (const path of paths) {
      const answer = await ask(elsewhere, { method: 'GET', path: BASE_PATH + sampleOf(path) });
      expect(answer).toMatchObject({ status: 403, code: 'loopback_only' });
      expect(answer.detail).toContain('not come over the loopback');
    }
    expect(senders.worlds.anonymous.reached()).not.toContain('people');
  });
});

describe('a refusal', () => {
  const of = (method: string, path: string, key: string, body?: string) =>
    ask(known, { method, path: BASE_PATH + path, key, body });

  it('names the scope that is missing, and the sender', async () => {
    const detail = 'this needs the scope write, and key:read does not have it';
    expect(await of('POST', '', 'read', '{')).toEqual({ status: 403, code: 'forbidden', detail });
    const either = 'this needs the scope operate or write, and key:people does not have it';
    expect(await of('PUT', '/cron-1', 'people')).toMatchObject({ code: 'forbidden', detail: either });
    const people = 'this needs the scope people, and key:admin does not have it';
    expect(await of('GET', '/certifications', 'admin')).toMatchObject({ code: 'forbidden', detail: people });
  });

  it('comes before the body', async () => {
    const head = [`POST ${BASE_PATH} HTTP/1.1`, 'Host: localhost', 'X-API-Key: read', 'Connection: close'];
    const announced = [...head, 'Content-Type: application/json', 'Content-Length: 1000', '', '{"name'];
    expect(await rawBytes(known, announced.join('\r\n'))).toMatch(/^HTTP\/1.1 403 /);
    const large = 'x'.repeat(1_000_000);
    expect(await of('PUT', '/cron-1', 'read', large)).toMatchObject({ status: 403 });
    expect(await of('PUT', '/cron-1', 'operate', large)).toMatchObject({ status: 413 });
  });

  it('asks for no body, and for that of nobody else', async () => {
    const expecting = (method: string, path: string, key: string): string =>
      [
        ...[`${method} ${path} HTTP/1.1`, 'Host: localhost', key, 'Connection: close'],
        ...['Expect: 100-continue', 'Content-Type: application/json', 'Content-Length: 2', '', '{}'],
      ].join('\r\n');
    const statuses = async (...request: Parameters<typeof expecting>): Promise<string[]> =>
      (await rawBytes(known, expecting(...request))).match(/(?<=HTTP\/1.1 )\d+/g) ?? [];
    expect(await statuses('POST', `${BASE_PATH}/cron-1/execute`, 'X: none')).toEqual(['401']);
    expect(await statuses('POST', `${BASE_PATH}/cron-1/execute`, 'X-API-Key: read')).toEqual(['403']);
    expect(await statuses('POST', `${BASE_PATH}/nothing/at/all`, 'X-API-Key: operate')).toEqual(['404']);
    expect(await statuses('GET', '/livez', 'X: none')).toEqual(['200']);
    expect(await statuses('POST', `${BASE_PATH}/cron-1/execute`, 'X-API-Key: operate')).toEqual([
      '100',
      '404',
    ]);
  });

  it('reads no body without an end, whatever the refusal, nor does an answer to the probes', async () => {
    const piece = 'x'.repeat(0x10000);
    const endless = `10000\r\n${piece}\r\n`.repeat(64);
    const json = 'Content-Type: application/json';
    const request = async (line: string, key: string, ...more: string[]): Promise<string> => {
      const head = [`${line} HTTP/1.1`, 'Host: localhost', `X-API-Key: ${key}`, ...more];
      const began = performance.now();
      const text = await rawBytes(known, [...head, 'Transfer-Encoding: chunked', '', endless].join('\r\n'));
      expect(performance.now() - began).toBeLessThan(5_000);
      return /(?<=HTTP\/1.1 )\d+/.exec(text)?.[0] ?? '';
    };
    const execute = `POST ${BASE_PATH}/cron-1/execute`;
    const statuses = await Promise.all([
      request(execute, 'nobody'),
      request(execute, 'read', json),
      request(`POST ${BASE_PATH}/a/b/c`, 'read', json),
      request(`PATCH ${BASE_PATH}`, 'read', json),
      request(execute, 'operate', 'Content-Type: text/plain'),
      request(execute, 'operate'),
      request(execute, 'operate', json),
      request(execute, 'operate', json, 'Content-Encoding: gzip'),
      request('GET /livez', 'nobody'),
    ]);
    expect(statuses.join(' ')).toBe('401 403 404 405 415 415 413 413 200');
  });

  it.each([
    ['{}', 'cron_job_not_found'],
    ['{"enabled":false}', 'cron_job_not_found'],
    ['{"reason":"x"}', 'cron_job_not_found'],
    ['{"enabled":"no"}', 'invalid_request'],
    ['{"id":"cron-1","enabled":true}', 'forbidden'],
    ['{"enabled":true,"__proto__":{}}', 'forbidden'],
    ['{"enabled":true,"name":null}', 'forbidden'],
    ['{"Enabled":true}', 'forbidden'],
    ['["enabled"]', 'forbidden'],
    ['{"enabled":true', 'invalid_json'],
  ])('of a change by an operator counts each field: %s', async (body, code) => {
    expect(await of('PUT', '/cron-1', 'operate', body)).toMatchObject({ code });
  });
});

describe('what a sender may not do', () => {
  const REQUESTS = Object.entries(routeScopes).flatMap(([path, needs]) =>
    Object.keys(needs).map((method) => ({ method, path: sampleOf(path) })),
  );
  const SIGNS = '/ // /./ /../ ; ;a=b %2f %2F %5c %00 %20 \\ . % ? case encode remove'.split(' ');
  const ENDS = '/ // /. ; ?a=b /?_method=DELETE %2f .json'.split(' ');
  const requests = fc
    .record({
      base: fc.constantFrom(BASE_PATH, BASE_PATH, BASE_PATH + BASE_PATH, BASE_PATH.toUpperCase(), ''),
      request: fc.constantFrom(...REQUESTS),
      method: fc.option(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'), {
        freq: 1,
      }),
      changes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...SIGNS)), { maxLength: 2 }),
      end: fc.oneof({ arbitrary: fc.constant(''), weight: 2 }, fc.constantFrom(...ENDS)),
    })
    .map(({ base, request, method, changes, end }) => ({
      method: method ?? request.method,
      path: `/${(base + changes.reduce(changed, request.path) + end).replace(/^[/]/, '')}`,
    }));
  const bodies = fc.constantFrom(undefined, undefined, undefined, '{}', ...Object.values(BODIES));
  const overriding = {
    'X-HTTP-Method-Override': 'DELETE',
    'X-HTTP-Method': 'PUT',
    'X-Method-Override': 'POST',
    'X-Original-URL': `${BASE_PATH}/cron-1/execute`,
    'X-Rewrite-URL': `${BASE_PATH}/certifications`,
  };

  function changed(path: string, [place, change]: readonly [number, string]): string {
    const at = place % (path.length + 1);
    const [before, one, after] = [path.slice(0, at), path.charAt(at), path.slice(at + 1)];
    if (change === 'case')
      return before + (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()) + after;
    if (change === 'encode') return one === '' ? path : `${before}%${one.charCodeAt(0).toString(16)}${after}`;
    return change === 'remove' ? before + after : before + change + one + after;
  }

  it('is not begun, however its path is spelled and whatever else the request says', async () => {
    const { reached } = senders.worlds.known;
    let begun = 0;
    reached();
    await fc.assert(
      fc.asyncProperty(requests, bodies, async ({ method, path }, body) => {
        const by = (key: string | undefined) =>
          ask(known, { method, path, key, body, headers: { Host: 'localhost', ...overriding } });
        await by(undefined);
        expect([...reached()]).toEqual([]);
        await by('people');
        expect([...reached()]).not.toContain('command');
        await by('read');
        expect([...reached()].filter((work) => work !== 'other')).toEqual([]);
        for (const key of ['operate', 'write', 'admin']) {
          await by(key);
          expect([...reached()]).not.toContain('people');
        }
        await by('admin+people');
        if (reached().size > 0) begun++;
      }),
      { numRuns: 150 },
    );
    // Many of the paths are those of a route, or nothing would have been shown.
    expect(begun).toBeGreaterThan(0);
  });

  it.each([
    ['a target that names a host', `POST http://localhost${BASE_PATH}/cron-1/execute HTTP/1.1`],
    ['a doubled slash', `POST /${BASE_PATH}//cron-1/execute HTTP/1.1`],
    ['a line that begins with blanks', `\r\nPOST ${BASE_PATH}/cron-1/execute HTTP/1.1`],
  ])('is not begun by %s', async (_, line) => {
    senders.worlds.known.reached();
    const head = [line, 'Host: localhost', 'X-API-Key: read', 'Connection: close', '', ''];
    expect(await rawBytes(known, head.join('\r\n'))).toMatch(/^HTTP\/1.1 (403|404) /);
    expect([...senders.worlds.known.reached()]).toEqual([]);
  });

  it('is not begun behind the request of another on one connection', async () => {
    const post = (key: string[], ...more: string[]): string =>
      [`POST ${BASE_PATH}/cron-1/execute HTTP/1.1`, 'Host: localhost', ...key, ...more, '', ''].join('\r\n');
    const statuses = async (...requests: string[]): Promise<string[]> =>
      (await rawBytes(known, requests.join(''))).match(/(?<=HTTP\/1.1 )\d+/g) ?? [];
    const last = 'Connection: close';
    expect(await statuses(post(['X-API-Key: operate']), post(['X-API-Key: read'], last))).toEqual([
      '404',
      '403',
    ]);
    expect(await statuses(post(['X-API-Key: operate']), post([], last))).toEqual(['404', '401']);
    expect(await statuses(post(['X-API-Key: read']), post(['X-API-Key: operate'], last))).toEqual([
      '403',
      '404',
    ]);
  });
});

it('the port of the probes asks nobody for a credential', async () => {
  const { known: world } = senders.worlds;
  const probes = await world.listen('elsewhere', world.probes);
  for (const path of ['/livez', '/readyz', '/metrics'])
    expect(await ask(probes, { method: 'GET', path })).toMatchObject({ status: 200 });
  expect(await ask(probes, { method: 'GET', path: BASE_PATH })).toMatchObject({ code: 'path_not_found' });
});

it('a sender that asks too often waits, and nobody else', async () => {
  const world = createAccessWorld(sampleCredentials, 3);
  const address = await world.listen('this machine');
  const of = (key: string, path = BASE_PATH) =>
    rawRequest(address, { method: 'POST', path, body: 'no JSON', headers: { 'x-api-key': key } });
  const statuses: number[] = [];
  for (const path of [BASE_PATH, `${BASE_PATH}/cron-1/execute`, '/nothing', BASE_PATH, '/metrics'])
    statuses.push((await of('read', path)).status);
  expect(statuses).toEqual([403, 403, 404, 429, 429]);
  const { headers, text } = await of('read');
  expect(JSON.parse(text)).toMatchObject({
    status: 429,
    title: 'Too Many Requests',
    code: 'too_many_requests',
  });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
  expect((await of('write')).status).toBe(415);
  expect((await of('read', '/livez')).status).toBe(405);
  expect((await of('nobody')).status).toBe(401);
  await world.close();
});
