import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noCredentials } from '../../src/access/no-credentials.js';
import { BASE_PATH } from '../../src/http/api.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { routesOf, sampleOf } from './access-table.js';
import { createAccessWorld } from './access-world.js';
import { expectProblem } from './expect-problem.js';
import { rawBytes, rawRequest, type RawAnswer } from './raw-request.js';

const CERTIFICATION = {
  certification_id: 'c1',
  mentor_id: 'm1',
  expires_at: '2030-01-01',
  type: null,
  labels: [],
  status: 'active',
  renewable_from: null,
} as const;

const routes = routesOf(createAccessWorld(noCredentials).api).flatMap(({ path, methods, mounts }) =>
  mounts.map((mount) => ({ path: mount + path, methods })),
);

let service: RunningApp;
let id: string;
let runId: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder(), PROBE_PORT: '0' });
  await service.app.adapters.registry.upsert([CERTIFICATION], 'test');
  id = String((await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' })).body.id);
  await service.call('PUT', '/by-key/declared', { name: 'declared', cron_expression: '0 2 * * *' });
  runId = String((await service.call('POST', `/${id}/execute`)).body.run_id);
});
afterAll(() => service.app.stop());

const send = (method: string, path: string, headers = {}): Promise<RawAnswer> =>
  rawRequest(service.address, { method, path, headers });
const withGet = (methods: readonly string[]): string[] =>
  methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
const inOrder = (allow: string | undefined): string[] => (allow ?? '').split(', ').sort();

describe('each path', () => {
  it('of the API is here', () => {
    expect(routes.length).toBeGreaterThan(40);
  });

  it.each(routes)('says exactly what it allows: $path', async ({ path, methods }) => {
    const wanted = [...withGet(methods), 'OPTIONS'].sort();
    for (const at of [sampleOf(path), `${sampleOf(path)}?x=1`]) {
      const { status, headers, text } = await send('OPTIONS', at);
      expect([status, inOrder(headers.allow), text]).toEqual([204, wanted, '']);
    }
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      if (wanted.includes(method)) continue;
      const { status, headers } = await send(method, sampleOf(path));
      expect([method, status, inOrder(headers.allow)]).toEqual([method, 405, wanted]);
    }
  });

  it('refuses a method that it does not have, whatever comes with it', async () => {
    const unusual = [
      { 'idempotency-key': 'one' },
      { 'content-range': 'bytes 0-1/2' },
      { 'content-type': 'text/plain', 'content-length': '5' },
      { 'content-type': 'application/json', 'content-length': '5' },
    ];
    for (const headers of unusual) {
      const path = `${BASE_PATH}/${id}/execute`;
      const { status, headers: answered } = await rawRequest(service.address, {
        method: 'DELETE',
        path,
        headers,
        ...('content-length' in headers && { body: 'hello' }),
      });
      expect([headers, status, answered.allow]).toEqual([headers, 405, 'POST, OPTIONS']);
    }
  });

  it('takes no notice of what comes with the question', async () => {
    const headers = { 'content-type': 'text/plain', 'content-length': '5', 'if-match': '"1"' };
    const answer = await rawRequest(service.address, {
      method: 'OPTIONS',
      path: `${BASE_PATH}/${id}`,
      headers,
      body: 'hello',
    });
    expect([answer.status, answer.headers.allow]).toEqual([204, 'GET, HEAD, PUT, DELETE, OPTIONS']);
  });

  it.each(['/dashboard', '/nothing', '/api', `${BASE_PATH}/cron-1/nothing`, `${BASE_PATH}/a/b/c/d`])(
    'that is none has no methods: %s',
    async (path) => {
      const { status, headers, text } = await send('OPTIONS', path);
      expectProblem(
        { status, contentType: headers['content-type'], text },
        { status: 404, code: 'path_not_found' },
      );
      expect(headers.allow).toBeUndefined();
    },
  );
});

describe('OPTIONS *', () => {
  it('says what is done here at all', async () => {
    const { status, headers, text } = await send('OPTIONS', '*');
    expect([status, headers.allow, text]).toEqual([204, 'GET, HEAD, POST, PUT, DELETE, OPTIONS', '']);
  });

  it('on the port of the probes says what is done there', async () => {
    const { probes } = service.logged.find(({ message }) => message === 'ready')?.fields as {
      probes: string;
    };
    const { status, headers } = await rawRequest(probes, { method: 'OPTIONS', path: '*' });
    expect([status, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it.each(['GET', 'POST', 'PUT'])('is no path for anything else: %s', async (method) => {
    const text = await rawBytes(
      service.address,
      `${method} * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
  });
});

describe('HEAD', () => {
  const gets = [...new Set(routes.filter(({ methods }) => methods.includes('GET')).map(({ path }) => path))];
  const filled = (path: string): string => {
    const samples = { ':id': id, ':run_id': runId, ':certification_id': 'c1', ':key': 'declared' };
    const files = { '/docs/:file': 'page.js', '/dashboard/:file': 'dashboard.js' };
    const file = Object.entries(files).find(([page]) => page === path)?.[1] ?? 'RunStarted.1.json';
    const at = Object.entries({ ...samples, ':file': file }).reduce(
      (filling, [name, sample]) => filling.replace(name, sample),
      path,
    );
    return path.endsWith('/diff') ? `${at}?from=1&to=1` : at;
  };

  it.each(gets)('is answered as GET is, without a body, and at once: %s', async (path) => {
    const head = await send('HEAD', filled(path));
    expect([head.status, head.text]).toEqual([200, '']);
    if (path.endsWith('/stream')) {
      expect(head.headers['content-type']).toBe('text/event-stream');
      return;
    }
    const get = await send('GET', filled(path));
    // They are of two moments.
    const moving = ['date', 'x-request-id', ...(path === '/metrics' ? ['content-length'] : [])];
    const of = ({ headers }: RawAnswer): [string, unknown][] =>
      Object.entries(headers).filter(([name]) => !moving.includes(name));
    expect(get.text).not.toBe('');
    expect(of(head)).toEqual(of(get));
  });

  it.each(['/certifications?format=csv', '/ID/forecast?format=csv', '/ID/runs/RUN/reminders?format=csv'])(
    'of a file is as short: %s',
    async (path) => {
      const at = BASE_PATH + path.replace('ID', id).replace('RUN', runId);
      const [head, get] = [await send('HEAD', at), await send('GET', at)];
      expect([head.status, head.text, get.status]).toEqual([200, '', 200]);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-disposition']).toBe(get.headers['content-disposition']);
    },
  );

  it.each(['/cron-none', '/cron-none/runs', '/certifications/none', '?page=0'])(
    'of what is refused is refused alike: %s',
    async (path) => {
      const [head, get] = [await send('HEAD', BASE_PATH + path), await send('GET', BASE_PATH + path)];
      expect(get.status).toBeGreaterThanOrEqual(400);
      expect([head.status, head.text, head.headers['content-length']]).toEqual([
        get.status,
        '',
        get.headers['content-length'],
      ]);
    },
  );
});
