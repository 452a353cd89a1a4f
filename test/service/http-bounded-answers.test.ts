import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BASE_PATH } from '../../src/http/api.js';
import { expectProblemShape } from './expect-problem.js';
import { rawRequest, type RawAnswer, type RawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** No refusal is longer, whatever was sent. */
const MOST_BYTES = 32_768;
const JSON_TYPE = { 'content-type': 'application/json' };

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});

afterAll(() => service.app.stop());

const unknownFields = (count: number, name = 'f'): string =>
  `{${Array.from({ length: count }, (_, index) => `"${name}${index.toString(36)}":1`).join()}}`;

async function refused({ path, ...request }: RawRequest): Promise<RawAnswer & { body: Record<string, any> }> {
  const answer = await rawRequest(service.address, { ...request, path: BASE_PATH + path });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(Buffer.byteLength(answer.text)).toBeLessThan(MOST_BYTES);
  const body = JSON.parse(answer.text) as Record<string, any>;
  expectProblemShape(body, answer.status);
  return { ...answer, body };
}

const asJson = (body: string | Buffer, headers = {}): Omit<RawRequest, 'path'> => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body,
});

describe('a refusal', () => {
  it('names the first 20 faults and counts the others', async () => {
    const { body } = await refused({ path: '', ...asJson(unknownFields(50)) });
    // The two fields that are missing are faults as well.
    expect(body.errors).toHaveLength(20);
    expect(body.errors_left_out).toBe(32);
    expect(body.detail).toContain('52 inputs are wrong');
  });

  it('says nothing of others when it names all', async () => {
    const { body } = await refused({ path: '', ...asJson(unknownFields(18)) });
    expect(body.errors).toHaveLength(20);
    expect(body).not.toHaveProperty('errors_left_out');
    expect(body.detail).not.toContain('inputs are wrong');
  });

  it('of a small compressed body with 29,000 unknown fields is small', async () => {
    const body = brotliCompressSync(unknownFields(29_000));
    expect(body.length).toBeLessThan(50_000);
    for (const path of ['', '/preview', '/cron-1/execute'])
      await refused({ path, ...asJson(body, { 'content-encoding': 'br' }) });
  });

  const long = 'x'.repeat(200_000);
  it.each<[string, RawRequest]>([
    ['the name of a field', { path: '', ...asJson(`{"${long}":1}`) }],
    ['many long names', { path: '', ...asJson(unknownFields(100, 'x'.repeat(2_000))) }],
    [
      'names that grow when they are written',
      { path: '', ...asJson(unknownFields(100, '\\u0001'.repeat(400))) },
    ],
    ['an expression', { path: '', ...asJson(`{"name":"a","cron_expression":"${long}"}`) }],
    ['a zone', { path: '/preview', ...asJson(`{"cron_expression":"0 2 * * *","time_zone":"${long}"}`) }],
    ['a name', { path: '', ...asJson(`{"name":"${long}","cron_expression":"0 2 * * *"}`) }],
    ['nesting', { path: '', ...asJson('['.repeat(100_000) + ']'.repeat(100_000)) }],
    [
      'nesting in a field',
      { path: '', ...asJson(`{"name":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`) },
    ],
    ['a large array', { path: '', ...asJson(`{"name":[${'1,'.repeat(100_000)}1]}`) }],
    ['a path', { method: 'GET', path: `/a/b/c/${'x'.repeat(12_000)}` }],
    ['an id', { method: 'GET', path: `/${'x'.repeat(12_000)}` }],
    ['a type', { method: 'POST', path: '', headers: { 'content-type': 'x'.repeat(12_000) }, body: '{}' }],
    ['the name of a parameter', { method: 'GET', path: `?${'x'.repeat(12_000)}=1` }],
    [
      'many parameters',
      { method: 'GET', path: `?${Array.from({ length: 2_000 }, (_, i) => `p${i}=1`).join('&')}` },
    ],
    ['one parameter many times', { method: 'GET', path: `?${'page=1&'.repeat(1_500)}` }],
  ])('cuts %s', async (_, request) => {
    await refused(request);
  });

  it('is small for any fields and parameters', async () => {
    const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(names, async (fields) => {
        const unknown = JSON.stringify(Object.fromEntries(fields.map((field) => [`_${field}`, field])));
        await refused({ path: '/preview', ...asJson(unknown) });
        const query = fields.map((field) => `_${encodeURIComponent(field)}=1`).join('&');
        await refused({ method: 'GET', path: `?${query.slice(0, 10_000)}` });
      }),
      { numRuns: 40 },
    );
  });
});
