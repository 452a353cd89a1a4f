import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerLast } from '../../src/http/answer-last.js';
import { BASE_PATH } from '../../src/http/api.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { rawBytes, rawRequest, type RawAnswer } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let service: RunningApp;
let id: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  id = String((await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' })).body.id);
});

afterAll(() => service.app.stop());

const send = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<RawAnswer> =>
  rawRequest(service.address, { method, path, headers, ...(body !== undefined && { body }) });

describe('X-Request-Id', () => {
  it.each(['a', 'order-66', 'A.b_c:d-9', 'x'.repeat(128)])('is answered as given: %s', async (given) => {
    const { headers } = await send('GET', BASE_PATH, { 'x-request-id': given });
    expect(headers['x-request-id']).toBe(given);
  });

  it.each(['with space', 'x'.repeat(129), '<script>', 'a,b', 'é'])(
    'is made anew when it is not usable: %s',
    async (given) => {
      const { headers } = await send('GET', BASE_PATH, { 'x-request-id': given });
      expect(headers['x-request-id']).toMatch(UUID);
    },
  );

  it('is made when there is none, another one for each request, and stands in the problem', async () => {
    const [first, second] = await Promise.all([
      send('GET', `${BASE_PATH}/nothing`),
      send('GET', `${BASE_PATH}/nothing`),
    ]);
    expect(first.headers['x-request-id']).toMatch(UUID);
    expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
    expect(JSON.parse(first.text).request_id).toBe(first.headers['x-request-id']);
  });

  it('is kept with the events', async () => {
    const headers = { 'x-request-id': 'kept-with-the-event', 'content-type': 'application/json' };
    await send('PUT', `${BASE_PATH}/${id}`, headers, '{"name":"renamed by a known request"}');
    const events = await readWholeLog(service.app.adapters.log);
    expect(events.at(-1)).toMatchObject({
      type: 'CronJobUpdated',
      metadata: { correlation_id: 'kept-with-the-event' },
    });
  });
});

describe('traceparent', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  const run = (given: string): Promise<RawAnswer> =>
    send('POST', `${BASE_PATH}/${id}/execute?dry_run=true`, { traceparent: given });

  it('is kept with the events of the request, and with those of the run that it has started', async () => {
    const started = JSON.parse((await run(traceparent)).text) as { run_id: string };
    const events = await eventually('the run has ended', async () => {
      const ofRun = (await readWholeLog(service.app.adapters.log)).filter(
        ({ data }) => data.run_id === started.run_id,
      );
      return ofRun.length === 2 && ofRun;
    });
    expect(events.map(({ type, metadata }) => [type, metadata.actor, metadata.traceparent])).toEqual([
      ['RunStarted', 'anonymous', traceparent],
      ['RunCompleted', 'worker', traceparent],
    ]);
  });

  it.each(['none', traceparent.toUpperCase(), `${traceparent}-01`])('is ignored: %s', async (given) => {
    expect((await run(given)).status).toBe(202);
    const events = await readWholeLog(service.app.adapters.log);
    expect(events.findLast(({ type }) => type === 'RunStarted')?.metadata).not.toHaveProperty('traceparent');
  });
});

describe('HEAD', () => {
  it.each(['', '/ID', '/ID/runs', '/ID/next', '/ID/slots?to=2026-03-27T00:00:00Z'])(
    'answers as GET does, without a body: %s',
    async (path) => {
      const at = BASE_PATH + path.replace('ID', id);
      const [head, get] = await Promise.all([send('HEAD', at), send('GET', at)]);
      expect(head.status).toBe(200);
      expect(head.text).toBe('');
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    },
  );
});

describe('OPTIONS', () => {
  it.each([
    ['', 'GET, HEAD, POST, OPTIONS'],
    ['/ID', 'GET, HEAD, PUT, DELETE, OPTIONS'],
    ['/ID/execute', 'POST, OPTIONS'],
    ['/ID/runs', 'GET, HEAD, OPTIONS'],
    ['/ID/next', 'GET, HEAD, OPTIONS'],
    ['/ID/slots', 'GET, HEAD, OPTIONS'],
    ['/preview', 'POST, OPTIONS'],
  ])('is 204 and says what is allowed: %s', async (path, allow) => {
    const { status, headers, text } = await send('OPTIONS', BASE_PATH + path.replace('ID', id));
    expect({ status, allow: headers.allow, text }).toEqual({ status: 204, allow, text: '' });
  });
});

describe('the headers of an answer', () => {
  const SAFE = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
  const OF_HTTP = ['connection', 'content-length', 'content-type', 'date'];
  const PROBLEM = 'application/problem+json; charset=utf-8';

  it.each([
    ['GET', BASE_PATH, 200],
    ['GET', '/livez', 200],
    ['GET', '/metrics', 200],
    ['GET', `${BASE_PATH}/cron-1`, 404],
    ['GET', '/nothing', 404],
    ['GET', `${BASE_PATH}?page=0`, 400],
    ['GET', '/%', 404],
    ['PATCH', BASE_PATH, 405],
    ['DELETE', '/', 405],
  ])('are these, and no others: %s %s', async (method, path, status) => {
    const answer = await send(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(SAFE);
    const more = status === 405 ? ['allow'] : [];
    expect(Object.keys(answer.headers).sort()).toEqual(
      [...Object.keys(SAFE), ...OF_HTTP, ...more, 'x-request-id'].sort(),
    );
    if (status > 200) expect(answer.headers['content-type']).toBe(PROBLEM);
  });

  it('are the same where the answer is no longer made by Express', async () => {
    const text = await rawBytes(service.address, 'no request\r\n\r\n');
    const lines = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n').slice(1);
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]),
    );
    expect(headers).toEqual({
      ...SAFE,
      connection: 'close',
      'content-type': PROBLEM,
      'content-length': expect.any(String),
    });
    const last = createServer((request, response) => {
      answerLast(request, response);
    });
    await new Promise<void>((resolve) => last.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(last.address() as AddressInfo).port}`;
    const answer = await rawRequest(address, { method: 'GET', path: '/' });
    last.close();
    expect(answer.status).toBe(500);
    expect(answer.headers).toMatchObject({ ...SAFE, 'content-type': PROBLEM });
    expect(Object.keys(answer.headers).sort()).toEqual([...Object.keys(SAFE), ...OF_HTTP].sort());
  });
});
