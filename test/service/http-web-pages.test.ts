import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblem } from './expect-problem.js';
import { rawBytes, rawRequest, type RawAnswer } from './raw-request.js';

const EVERY_PATH = ['', '/cron-1', '/cron-1/runs', '/cron-1/next', '/cron-1/slots', '/leader'].map(
  (path) => BASE_PATH + path,
);
const PROBES = ['/livez', '/readyz', '/metrics'];

let service: RunningApp;
let id: string;
let port: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  port = new URL(service.address).port;
  id = String((await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' })).body.id);
});

afterAll(() => service.app.stop());

/** One request, byte by byte as given. */
async function exchange(head: string, body = ''): Promise<RawAnswer> {
  const text = await rawBytes(service.address, `${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`);
  const [headers = '', content = ''] = text.split(/\r\n\r\n([^]*)/);
  const type = /^content-type: (.*)$/im.exec(headers)?.[1];
  return { status: Number(headers.slice(9, 12)), headers: { 'content-type': type }, text: content };
}

const isProblem = (answer: RawAnswer, status: number, code: string): void => {
  expectProblem({ ...answer, contentType: answer.headers['content-type'] }, { status, code });
};

describe('a page whose name leads to this machine', () => {
  it.each([
    'evil.com',
    'evil.com:PORT',
    '127.0.0.1.evil.com:PORT',
    'localhost.evil.com',
    '10.0.0.1',
    '[::2]:PORT',
    '2130706433',
  ])('reads nothing: Host %s', async (host) => {
    for (const path of [...EVERY_PATH, ...PROBES, '/nothing', '/%']) {
      const headers = { host: host.replace('PORT', port) };
      isProblem(await rawRequest(service.address, { method: 'GET', path, headers }), 421, 'host_not_allowed');
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('does nothing: %s', async (method) => {
    const headers = { host: 'evil.com', 'content-type': 'application/json', origin: 'http://evil.com' };
    for (const path of [BASE_PATH, `${BASE_PATH}/${id}`, `${BASE_PATH}/${id}/execute`])
      isProblem(await rawRequest(service.address, { method, path, headers }), 421, 'host_not_allowed');
  });

  it('does not get by with another header', async () => {
    for (const name of [
      'x-forwarded-host',
      'forwarded',
      'x-host',
      'x-original-host',
      'x-http-host-override',
    ]) {
      const headers = { host: 'evil.com', [name]: name === 'forwarded' ? 'host=localhost' : 'localhost' };
      const answer = await rawRequest(service.address, { method: 'GET', path: BASE_PATH, headers });
      isProblem(answer, 421, 'host_not_allowed');
      const harmless = { host: 'localhost', [name]: 'evil.com' };
      const other = await rawRequest(service.address, { method: 'GET', path: BASE_PATH, headers: harmless });
      expect(other.status).toBe(200);
    }
  });

  it.each(['localhost', 'LocalHost:PORT', 'localhost.:PORT', '127.0.0.1', '127.9.9.9:1', '[::1]:PORT'])(
    'is told from this machine: Host %s',
    async (host) => {
      const headers = { host: host.replace('PORT', port) };
      for (const path of [BASE_PATH, ...PROBES])
        expect((await rawRequest(service.address, { method: 'GET', path, headers })).status).toBe(200);
    },
  );

  it.each([
    ['a target that names another host', `GET http://evil.com${BASE_PATH} HTTP/1.1\nHost: localhost`, 421],
    [
      'a Host of another one than the target',
      `GET http://localhost${BASE_PATH} HTTP/1.1\nHost: evil.com`,
      421,
    ],
    ['a target with a user', `GET http://localhost@evil.com${BASE_PATH} HTTP/1.1\nHost: localhost`, 421],
    ['a target of another scheme', `GET ftp://evil.com${BASE_PATH} HTTP/1.1\nHost: localhost`, 421],
    ['a target without a host', `GET http://${BASE_PATH} HTTP/1.1\nHost: localhost`, 421],
    ['an empty Host', `GET ${BASE_PATH} HTTP/1.1\nHost:`, 421],
    ['two hosts in one', `GET ${BASE_PATH} HTTP/1.1\nHost: localhost, evil.com`, 421],
    ['a Host of version 1.0', `GET ${BASE_PATH} HTTP/1.0\nHost: evil.com`, 421],
  ])('%s', async (_, head, status) => {
    isProblem(await exchange(`${head}\nConnection: close`), status, 'host_not_allowed');
  });

  it.each([
    ['two Host headers', `GET ${BASE_PATH} HTTP/1.1\nHost: localhost\nhost: evil.com`],
    ['the same Host twice', `GET ${BASE_PATH} HTTP/1.1\nHost: localhost\nHost: localhost`],
    ['no Host', `GET ${BASE_PATH} HTTP/1.1`],
  ])('%s is no request', async (_, head) => {
    isProblem(await exchange(head), 400, 'invalid_http');
  });

  it.each([
    ['a target that names this one', `GET http://localhost${BASE_PATH} HTTP/1.1\nHost: localhost`],
    ['version 1.0 without a Host, as balancers ask', 'GET /livez HTTP/1.0'],
  ])('%s is served', async (_, head) => {
    expect((await exchange(`${head}\nConnection: close`)).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  const own = (): string => `127.0.0.1:${port}`;
  const writes = (): [string, string, string | undefined][] => [
    ['POST', BASE_PATH, '{"name":"foreign","cron_expression":"0 2 * * *"}'],
    ['PUT', `${BASE_PATH}/${id}`, '{"enabled":false}'],
    ['DELETE', `${BASE_PATH}/${id}`, undefined],
    ['POST', `${BASE_PATH}/${id}/execute`, undefined],
    ['POST', `${BASE_PATH}${BASE_PATH}/${id}/execute`, undefined],
    ['POST', `${BASE_PATH}/preview`, '{"cron_expression":"0 2 * * *"}'],
    ['PATCH', BASE_PATH, undefined],
    ['TRACE', BASE_PATH, undefined],
    ['PROPFIND', BASE_PATH, undefined],
  ];

  it.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'http://evil.com' }],
    ['of no origin', { origin: 'null' }],
    ['of an empty origin', { origin: '' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['of another name of this machine', { origin: 'http://localhost:PORT' }],
    ['of a file', { origin: 'file://' }],
    ['of an extension', { origin: 'chrome-extension://abcdef' }],
    ['that only says that it is of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['with a site that nobody knows', { 'sec-fetch-site': 'Same-Origin, cross-site' }],
    ['that contradicts itself', { origin: 'http://127.0.0.1:PORT', 'sec-fetch-site': 'cross-site' }],
  ])('changes nothing: %s', async (_, given) => {
    const before = (await readWholeLog(service.app.adapters.log)).filter(
      ({ type }) => !type.startsWith('Lease'),
    );
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace('PORT', port)]),
    );
    for (const [method, path, body] of writes()) {
      const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
      const answer = await rawRequest(service.address, {
        method,
        path,
        headers: typed,
        ...(body !== undefined && { body }),
      });
      isProblem(answer, 403, 'origin_not_allowed');
    }
    const after = (await readWholeLog(service.app.adapters.log)).filter(
      ({ type }) => !type.startsWith('Lease'),
    );
    expect(after).toEqual(before);
  });

  it.each(['http://evil.com', 'null'])(
    'may ask, but its browser keeps the answer from it: %s',
    async (origin) => {
      for (const path of [BASE_PATH, ...PROBES]) {
        const headers = { origin, 'sec-fetch-site': 'cross-site' };
        const answer = await rawRequest(service.address, { method: 'GET', path, headers });
        expect(answer.status).toBe(200);
        expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
        expect(answer.headers['x-content-type-options']).toBe('nosniff');
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
      const preflight = { origin, 'access-control-request-method': 'POST' };
      const answer = await rawRequest(service.address, {
        method: 'OPTIONS',
        path: BASE_PATH,
        headers: preflight,
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it.each<[string, () => Record<string, string>]>([
    ['a client that is no browser', () => ({})],
    ['a page of its own', () => ({ origin: `http://${own()}`, 'sec-fetch-site': 'same-origin' })],
    ['a page of its own behind TLS', () => ({ origin: `https://${own()}` })],
    ['the user', () => ({ 'sec-fetch-site': 'none' })],
  ])('is told from %s', async (_, given) => {
    const path = `${BASE_PATH}/${id}/execute`;
    const headers = { ...given(), 'content-type': 'application/json' };
    const { status } = await rawRequest(service.address, {
      method: 'POST',
      path,
      headers,
      body: '{"dry_run":true}',
    });
    expect(status).toBe(202);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    '',
  ])('whose browser is too old to say so executes nothing by a form: %s', async (type) => {
    for (const body of [undefined, '', '{"dry_run":true}', 'dry_run=true']) {
      const path = `${BASE_PATH}/${id}/execute`;
      const headers = { 'content-type': type };
      const answer = await rawRequest(service.address, {
        method: 'POST',
        path,
        headers,
        ...(body !== undefined && { body }),
      });
      isProblem(answer, 415, 'unsupported_media_type');
    }
  });
});
