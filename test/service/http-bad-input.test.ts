import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { expectProblem } from './expect-problem.js';
import { rawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *' };
const JSON_TYPE = { 'content-type': 'application/json' };

let service: RunningApp;
let id: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  id = String((await service.call('POST', '', JOB)).body.id);
});

afterAll(async () => {
  const { body } = await service.call('GET', '');
  expect(body.pagination.total).toBe(1);
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  await service.app.stop();
});

async function refuses(
  request: { method: string; path?: string; body?: string },
  code: string,
  field: string,
  says: string,
): Promise<void> {
  const { method, path = '', body } = request;
  const answer = await rawRequest(service.address, {
    method,
    path: BASE_PATH + path,
    ...(body !== undefined && { headers: JSON_TYPE, body }),
  });
  const status = 400;
  expectProblem({ ...answer, contentType: answer.headers['content-type'] }, { status, code, field, says });
}

describe('a body that is no object', () => {
  it.each([
    ['broken', '{"name":', 'invalid_json', 'no valid JSON'],
    ['a comment', '{} // done', 'invalid_json', 'no valid JSON'],
    ['a text', '"text"', 'invalid_json', 'no valid JSON object'],
    ['a number', '42', 'invalid_json', 'no valid JSON object'],
    ['null', 'null', 'invalid_json', 'no valid JSON object'],
    ['NaN', '{"name":NaN}', 'invalid_json', 'no valid JSON'],
    ['an array', '[]', 'invalid_request', 'object'],
    ['an array of jobs', JSON.stringify([JOB]), 'invalid_request', 'object'],
  ])('%s', async (_, body, code, says) => {
    await refuses({ method: 'POST', body }, code, 'body', says);
    await refuses({ method: 'PUT', path: `/${id}`, body }, code, 'body', says);
    await refuses({ method: 'POST', path: `/${id}/execute`, body }, code, 'body', says);
  });
});

const TEXT_1_TO_128 = 'text of 1 to 128 characters';
const CRON_FIELDS = '"minute hour day-of-month month day-of-week"';

describe('a field that cannot be used', () => {
  it.each([
    ['name', 5, TEXT_1_TO_128],
    ['name', null, TEXT_1_TO_128],
    ['name', { first: 'a' }, TEXT_1_TO_128],
    ['name', '', TEXT_1_TO_128],
    ['name', '   ', TEXT_1_TO_128],
    ['name', 'x'.repeat(129), TEXT_1_TO_128],
    ['name', 'a\u0000b', 'control characters'],
    ['name', 'a\nb', 'control characters'],
    ['name', 'a\ud800', 'unpaired surrogates'],
    ['description', '\udc00', 'unpaired surrogates'],
    ['cron_expression', 5, 'text such as'],
    ['cron_expression', null, 'text such as'],
    ['cron_expression', '', CRON_FIELDS],
    ['cron_expression', '0 2 * *', CRON_FIELDS],
    ['cron_expression', '0 0 2 * * *', CRON_FIELDS],
    ['cron_expression', 'H * * * *', 'minute is "H": H (hashed values) is not supported'],
    ['cron_expression', '0 0 30 2 *', 'no month of "2" has this day'],
    ['cron_expression', '61 * * * *', '61 is out of range; allowed: *, 0 to 59'],
    ['cron_expression', '0 2 1 JANFEB *', 'month is "JANFEB"'],
    ['cron_expression', '@reboot', '@daily'],
    ['cron_expression', '0 2 * * *; DROP TABLE jobs', CRON_FIELDS],
    ['cron_expression', '*'.repeat(300), CRON_FIELDS],
    ['time_zone', 5, 'Asia/Kolkata'],
    ['time_zone', 'Mars/Olympus', 'Asia/Kolkata'],
    ['time_zone', '', 'Asia/Kolkata'],
    ['time_zone', 'BST', 'did you mean Europe/London'],
    ['time_zone', '__proto__', 'Asia/Kolkata'],
    ['enabled', 'true', 'true or false'],
    ['enabled', 1, 'true or false'],
    ['enabled', null, 'true or false'],
    ['description', 5, 'text or null'],
    ['description', 'x'.repeat(1_001), 'at most 1000 characters'],
    ['misfire_grace_seconds', '5', 'whole number from 0 to 86400'],
    ['misfire_grace_seconds', -1, 'whole number from 0 to 86400'],
    ['misfire_grace_seconds', 1.5, 'whole number from 0 to 86400'],
    ['catchup_policy', 'sometimes', 'latest, all, skip'],
    ['catchup_policy', ['all'], 'latest, all, skip'],
    ['catchup_window_seconds', 9, 'whole number from 10 to 31536000'],
    ['concurrency_policy', 'replace', 'forbid, allow'],
    ['timeout_seconds', 0, 'whole number from 1 to 604800'],
    ['timeout_seconds', 1e300, 'whole number from 1 to 604800'],
    ['enable', true, 'allowed: name, cron_expression'],
    ['constructor', {}, 'allowed: name, cron_expression'],
    ['toString', 'x', 'allowed: name, cron_expression'],
  ])('%s: %j', async (field, value, says) => {
    const changes = { [field]: value };
    const created = JSON.stringify({ ...JOB, ...changes });
    await refuses({ method: 'POST', body: created }, 'invalid_request', field, says);
    await refuses(
      { method: 'PUT', path: `/${id}`, body: JSON.stringify(changes) },
      'invalid_request',
      field,
      says,
    );
  });

  it('__proto__', async () => {
    const body = '{"name":"n","cron_expression":"0 2 * * *","__proto__":{"enabled":false}}';
    await refuses({ method: 'POST', body }, 'invalid_request', '__proto__', 'is not known');
    expect({}).not.toHaveProperty('enabled');
  });

  it('several at once, each by its name', async () => {
    const body = '{"name":"","enabled":3,"x":1}';
    await refuses({ method: 'POST', body }, 'invalid_request', 'name', TEXT_1_TO_128);
    await refuses({ method: 'POST', body }, 'invalid_request', 'cron_expression', 'text such as');
    await refuses({ method: 'POST', body }, 'invalid_request', 'enabled', 'true or false');
    await refuses({ method: 'POST', body }, 'invalid_request', 'x', 'is not known');
  });

  it.each(['"yes"', 'null', '1'])('dry_run: %s', async (value) => {
    const body = `{"dry_run":${value}}`;
    await refuses(
      { method: 'POST', path: `/${id}/execute`, body },
      'invalid_request',
      'dry_run',
      'true or false',
    );
  });
});
