import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { connect } from 'node:net';
import { expectProblem } from './expect-problem.js';
import { rawRequest, type RawAnswer, type RawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const JOB = { name: 'nightly', cron_expression: '0 2 * * *', concurrency_policy: 'allow' };

let service: RunningApp;
let id = '';

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  id = (await service.call('POST', '', JOB)).body.id as string;
});

afterAll(async () => {
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  await service.app.stop();
});

const send = ({ path, ...request }: RawRequest): Promise<RawAnswer> =>
  rawRequest(service.address, { ...request, path: BASE_PATH + path });

const runCount = async (): Promise<number> =>
  (await service.call('GET', `/${id}/runs`)).body.pagination.total as number;

describe('an unknown parameter is refused', () => {
  it.each([
    ['GET', ''],
    ['POST', ''],
    ['GET', '/:id'],
    ['PUT', '/:id'],
    ['DELETE', '/:id'],
    ['POST', '/:id/execute'],
    ['GET', '/:id/runs'],
    ['GET', '/runs'],
    ['GET', '/:id/runs/run-10000000001'],
    ['POST', '/:id/runs/run-10000000001/cancel'],
    ['GET', '/:id/next'],
    ['GET', '/:id/slots'],
    ['POST', '/:id/reset-watermark'],
    ['POST', '/preview'],
    ['GET', '/leader'],
    ['GET', '/access'],
  ])('by %s %s', async (method, path) => {
    const before = await runCount();
    const body = path === '' || path === '/preview' ? { ...JOB } : {};
    if (path === '/preview')
      for (const field of ['name', 'concurrency_policy']) Reflect.deleteProperty(body, field);
    const answer = await send({
      method,
      path: `${path.replace(':id', id)}?dryrun=true`,
      ...(method !== 'GET' && { body: JSON.stringify(body), headers: JSON_TYPE }),
    });
    expectProblem(
      { ...answer, contentType: answer.headers['content-type'] },
      { status: 400, code: 'invalid_request', field: 'dryrun', says: 'is no' },
    );
    expect(await runCount()).toBe(before);
  });
});

describe('a dry run', () => {
  const execute = async (search: string, body?: object) => {
    const { status, body: answer } = await service.call('POST', `/${id}/execute${search}`, body);
    return [status, answer.dry_run ?? answer.code] as unknown;
  };

  it.each([
    ['?dry_run=true', undefined, true],
    ['?dry_run=false', undefined, false],
    ['?dry_run=true', { dry_run: true }, true],
    ['?dry_run=true', {}, true],
    ['', { dry_run: true }, true],
    ['', undefined, false],
  ])('is asked for by a parameter or in the body: %s %j', async (search, body, dry) => {
    expect(await execute(search, body)).toEqual([202, dry]);
  });

  it.each([
    ['?dry_run=true', { dry_run: false }],
    ['?dry_run=false', { dry_run: true }],
    ['?dry_run=1', undefined],
    ['?dry_run=', undefined],
    ['?dry_run=TRUE', undefined],
    ['?dry_run=true&dry_run=false', undefined],
  ])('is not guessed: %s %j', async (search, body) => {
    const before = await runCount();
    expect(await execute(search, body)).toEqual([400, 'invalid_request']);
    expect(await runCount()).toBe(before);
  });
});

describe('a parameter behind very many', () => {
  it('counts as the first does', async () => {
    const many = '&'.repeat(14_000);
    const asked = async (search: string) => {
      const { status, body } = await service.call('POST', `/${id}/execute?${search}`);
      return [status, body.dry_run ?? body.code] as unknown;
    };
    expect(await asked(`${many}dry_run=true`)).toEqual([202, true]);
    const before = await runCount();
    expect(await asked(`${many}dry_run=true&bogus=1`)).toEqual([400, 'invalid_request']);
    expect(await asked(`dry_run=true${many}bogus=1`)).toEqual([400, 'invalid_request']);
    expect(await runCount()).toBe(before);
  });
});

describe('a write under a condition', () => {
  it.each(['If-Unmodified-Since', 'Content-Range'])(
    'is refused, since it would be done against it: %s',
    async (name) => {
      const headers = { ...JSON_TYPE, [name]: '"1"' };
      for (const [method, path, body] of [
        ['PUT', `/${id}`, '{"name":"other"}'],
        ['POST', `/${id}/execute`, '{}'],
        ['DELETE', `/${id}`, '{}'],
      ] as const) {
        const answer = await send({ method, path, headers, body });
        const { code, detail } = JSON.parse(answer.text) as Record<string, string>;
        expect([answer.status, code, detail]).toEqual([
          400,
          'unsupported_header',
          `nothing was done, since ${name.toLowerCase()} is not supported`,
        ]);
      }
      expect((await send({ method: 'GET', path: `/${id}`, headers })).status).toBe(200);
    },
  );
});

describe('text that is no UTF-8', () => {
  it.each([
    ['Latin-1', Buffer.from('{"name":"k\u00e4the","cron_expression":"0 2 * * *"}', 'latin1')],
    [
      'half a character',
      Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
    ],
    [
      'a surrogate in UTF-8',
      Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    ],
    [
      'an overlong form',
      Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
  ])('is refused in a body: %s', async (_, body) => {
    const answer = await send({ method: 'POST', path: '', headers: JSON_TYPE, body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_json', detail: 'body: is no text in UTF-8' }),
    ]);
  });

  it.each(['%E4', '%E2%82', '%ED%A0%80', '%', '%zz'])('is refused in a parameter: %s', async (value) => {
    const answer = await send({ method: 'DELETE', path: `/${id}?reason=k${value}the` });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      expect.objectContaining({ errors: [{ field: 'query', message: 'must be UTF-8 in percent-encoding' }] }),
    ]);
  });
});

describe('a body in chunks', () => {
  const chunked = (head: string, chunks: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(service.address);
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.once('error', reject).once('close', () => {
        resolve(text);
      });
      socket.write(
        `${head.replace('/:id', `${BASE_PATH}/${id}`)} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n` +
          `Transfer-Encoding: chunked\r\n\r\n${chunks}`,
      );
    });

  it.each(['POST /:id/execute', 'POST /:id/execute?dry_run=true'])(
    'that is empty and of no type is no body: %s',
    async (head) => {
      expect(await chunked(head, '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 202 /);
    },
  );

  it('that is not empty and of no type is refused', async () => {
    expect(await chunked('POST /:id/execute', '2\r\n{}\r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 415 /);
  });
});
