import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { expectProblem, type ExpectedProblem } from './expect-problem.js';
import { rawRequest, type RawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = JSON.stringify({ name: 'nightly', cron_expression: '0 2 * * *' });
const JSON_TYPE = { 'content-type': 'application/json' };

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});

afterAll(async () => {
  expect((await service.call('GET', '')).body.pagination.total).toBe(0);
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  await service.app.stop();
});

async function refuses(
  { path, ...request }: RawRequest,
  expected: ExpectedProblem,
): Promise<Record<string, any>> {
  const answer = await rawRequest(service.address, { ...request, path: BASE_PATH + path });
  expectProblem({ ...answer, contentType: answer.headers['content-type'] }, expected);
  return answer.headers;
}

describe('an id that cannot exist is not found', () => {
  it.each([
    ['of another kind', 'nightly'],
    ['nothing but the prefix', 'cron-'],
    ['SQL', "cron-1'%20OR%20'1'='1"],
    ['NUL', 'cron-%00'],
    ['unicode', 'cron-%E2%98%83'],
    ['digits of another script', 'cron-%D9%A1'],
    ['a line end', 'cron-1%0A'],
    ['too long', `cron-${'a'.repeat(65)}`],
    ['far too long', `cron-${'a'.repeat(8_000)}`],
    ['a path', '..%2f..%2f..%2fetc%2fpasswd'],
    ['a template', '%24%7B7*7%7D'],
    ['a name of every object', '__proto__'],
  ])('%s', async (_, id) => {
    const expected = { status: 404, code: 'cron_job_not_found', field: 'id', says: 'letters or digits' };
    await refuses({ method: 'GET', path: `/${id}` }, expected);
    await refuses({ method: 'GET', path: `/${id}/runs` }, expected);
    await refuses({ method: 'DELETE', path: `/${id}` }, expected);
    await refuses({ method: 'PUT', path: `/${id}`, headers: JSON_TYPE, body: '{}' }, expected);
    await refuses({ method: 'POST', path: `/${id}/execute` }, expected);
  });

  it('as one that does not', async () => {
    const expected = { status: 404, code: 'cron_job_not_found' };
    for (const path of ['/cron-404', '/cron-404/runs']) await refuses({ method: 'GET', path }, expected);
    await refuses({ method: 'PUT', path: '/cron-404', headers: JSON_TYPE, body: JOB }, expected);
    await refuses({ method: 'DELETE', path: '/cron-404' }, expected);
    await refuses({ method: 'POST', path: '/cron-404/execute' }, expected);
  });
});

describe('a query that cannot be used', () => {
  it.each([
    ['page=0', 'page', 'from 1 to 1000000'],
    ['page=-1', 'page', 'from 1 to 1000000'],
    ['page=abc', 'page', 'from 1 to 1000000'],
    ['page=1e3', 'page', 'from 1 to 1000000'],
    ['page=1.5', 'page', 'from 1 to 1000000'],
    ['page=', 'page', 'from 1 to 1000000'],
    ['page=99999999999999999999', 'page', 'from 1 to 1000000'],
    ['limit=0', 'limit', 'from 1 to 100'],
    ['limit=101', 'limit', 'from 1 to 100'],
    ['limit=1000000', 'limit', 'from 1 to 100'],
    ['limit=1&limit=2', 'limit', 'from 1 to 100'],
    ['limit=%00', 'limit', 'from 1 to 100'],
    ['limit[]=1', 'limit[]', 'is not known; allowed: page, limit'],
    ['sorted=name', 'sorted', 'is not known; allowed: page, limit'],
    ['constructor=1', 'constructor', 'is not known; allowed: page, limit'],
    ['__proto__=1', '__proto__', 'is not known; allowed: page, limit'],
  ])('%s', async (query, field, says) => {
    const expected = { status: 400, code: 'invalid_request', field, says };
    for (const path of ['', '/cron-1/runs'])
      await refuses({ method: 'GET', path: `${path}?${query}` }, expected);
  });
});

describe('a path that leads nowhere', () => {
  it.each(['/%E0%A4%A', '/%', '/%zz/runs'])('%s is not valid percent-encoding', (path) =>
    refuses({ method: 'GET', path }, { status: 400, code: 'invalid_path' }),
  );

  it.each(['/../../etc/passwd', '/cron-1/nothing', '/cron-1/runs/1/2', 's'])('%s is not found', (path) =>
    refuses({ method: 'GET', path }, { status: 404, code: 'path_not_found' }),
  );
});

describe('a method that is not supported', () => {
  it.each([
    ['', 'GET, HEAD, POST, OPTIONS', ['DELETE', 'PUT', 'PATCH', 'TRACE']],
    ['/cron-1', 'GET, HEAD, PUT, DELETE, OPTIONS', ['POST', 'PATCH', 'TRACE', 'PROPFIND']],
    ['/cron-1/execute', 'POST, OPTIONS', ['GET', 'PUT', 'PATCH', 'DELETE']],
    ['/cron-1/runs', 'GET, HEAD, OPTIONS', ['POST', 'PUT', 'PATCH', 'DELETE']],
  ])('at "%s" only %s', async (path, allow, methods) => {
    for (const method of methods) {
      const headers = await refuses({ method, path }, { status: 405, code: 'method_not_allowed' });
      expect(headers.allow).toBe(allow);
    }
  });
});

describe('a body that cannot be read', () => {
  const unsupported = { status: 415, code: 'unsupported_media_type' };

  it.each([
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['XML', { 'content-type': 'application/xml' }],
    ['no type', {}],
    ['a type that is none', { 'content-type': ';;;' }],
    ['an unknown charset', { 'content-type': 'application/json; charset=utf-99' }],
    ['a charset that JSON does not have', { 'content-type': 'application/json; charset=latin1' }],
    ['an unknown encoding', { ...JSON_TYPE, 'content-encoding': 'zip' }],
  ])('%s', (_, headers) => refuses({ method: 'POST', path: '', headers, body: JOB }, unsupported));

  it('said to be compressed when it is not', () =>
    refuses(
      { method: 'POST', path: '', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: JOB },
      { status: 400, code: 'invalid_body', field: 'body' },
    ));

  it('larger than allowed', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(5_000_000), cron_expression: '0 2 * * *' });
    await refuses(
      { method: 'POST', path: '', headers: JSON_TYPE, body },
      { status: 413, code: 'body_too_large' },
    );
  });
});
