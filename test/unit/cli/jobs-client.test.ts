import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createJobsClient, type FoundJob } from '../../../src/cli/jobs-client.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';

interface Reply {
  status: number;
  /** Sent as it is when it is a text. */
  body?: unknown;
  headers?: Record<string, string>;
}

const JOB: FoundJob = { id: 'id-1', key: 'k', labels: [], config_version: 3 };
const OK: Reply = { status: 200, body: JOB };
const problem = (status: number, code: string, retryAfter?: string): Reply => ({
  status,
  body: { code, detail: 'for people' },
  headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
});
const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply);

/** The last one is given again and again; undefined is none at all. */
let replies: (Reply | undefined)[];
let asked: { line: string; headers: IncomingHttpHeaders }[];
let pauses: number[];
let told: string[];
let giveUp: () => void;
let server: Server;
let url: string;

beforeEach(async () => {
  replies = [OK];
  asked = [];
  pauses = [];
  told = [];
  server = createServer(({ method, url: path, headers }, response) => {
    asked.push({ line: `${method} ${path}`, headers });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined) {
      giveUp();
      return;
    }
    const { status, body = '', headers: replied } = reply;
    response.writeHead(status, replied).end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
});

/** Pauses take no time; the patience with one request, which has a signal, ends when the server says so. */
const clock = {
  sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal === undefined) {
        pauses.push(ms / 1000);
        resolve();
        return;
      }
      giveUp = resolve;
      signal.addEventListener('abort', () => {
        resolve();
      });
    }),
};
const client = (
  address = url,
  credential: Record<string, string> = { 'X-API-Key': 'cck_secret' },
): ReturnType<typeof createJobsClient> =>
  createJobsClient({ url: address, credential, clock, onRetry: (why) => told.push(why) });

describe('a refused rate', () => {
  it('is waited for as long as the service says, up to a minute each time', async () => {
    replies = [...times(6, problem(429, 'too_many_requests', '37')), problem(429, 'x', '3600'), OK];
    await expect(client().find('k')).resolves.toEqual(JOB);
    expect(pauses).toEqual([37, 37, 37, 37, 37, 37, 60]);
    expect(told[0]).toBe('too_many_requests: for people; again in 37 s');
  });

  it('is not waited for without end', async () => {
    replies = [problem(429, 'too_many_requests', '60')];
    await expect(client().find('k')).rejects.toThrow(/too_many_requests/);
    expect(pauses).toEqual(Array(9).fill(60));
  });
});

describe('a service that is away', () => {
  it.each<[string, Reply, number[]]>([
    ['it names a time', problem(503, 'store_refused', '30'), [30, 30, 30, 30]],
    ['it says at once', problem(503, 'starting', '0'), [1, 1, 1, 1]],
    ['a proxy finds nobody', { status: 502, body: '<html>' }, [1, 2, 3, 4]],
    ['a proxy waits in vain', { status: 504 }, [1, 2, 3, 4]],
  ])('is asked five times: %s', async (_, reply, waited) => {
    replies = [reply];
    await expect(client().find('k')).rejects.toMatchObject({ refusal: { status: reply.status } });
    expect({ pauses, tries: asked.length }).toEqual({ pauses: waited, tries: 5 });
  });

  it('is asked five times where nobody listens', async () => {
    server.close();
    await expect(client().find('k')).rejects.toThrow(/does not answer: .*ECONNREFUSED/);
    expect(pauses).toEqual([1, 2, 3, 4]);
  });

  it('is given up when it has hung, and asked again', async () => {
    replies = [undefined, OK];
    await expect(client().find('k')).resolves.toEqual(JOB);
    expect(told).toEqual([`${url} has not answered within 30 s; again in 1 s`]);
  });
});

it.each([
  ['an event that cannot be read', problem(503, 'event_unreadable')],
  ['a fault of the program', problem(500, 'internal_error')],
  ['a wrong field', problem(400, 'invalid_request')],
  ['a wrong credential', problem(401, 'unauthorized')],
])('what would be answered the same is not asked again: %s', async (_, reply) => {
  replies = [reply];
  await expect(client().find('k')).rejects.toMatchObject({ refusal: { status: reply.status } });
  expect(asked).toHaveLength(1);
});

describe('a job that is not there', () => {
  it('is what the service says by its code', async () => {
    replies = [problem(404, 'cron_job_not_found')];
    await expect(client().find('k')).resolves.toBeUndefined();
    await expect(client().remove(JOB, 'why')).resolves.toBe(false);
  });

  it.each<[string, Reply]>([
    ['a path that is not known', problem(404, 'path_not_found')],
    ['a web server', { status: 404, body: '<html>' }],
  ])('is no other 404: %s', async (_, reply) => {
    replies = [reply];
    await expect(client().find('k')).rejects.toThrow();
    await expect(client().remove(JOB, 'why')).rejects.toThrow();
  });
});

describe('what is no answer of the service', () => {
  it.each<[string, Reply]>([
    ['a page', { status: 200, body: '<html>hi' }],
    ['nothing', { status: 200 }],
    ['other JSON', { status: 200, body: { hello: 'world' } }],
    ['a page of an error', { status: 500, body: '<html>' }],
  ])('is told in plain words: %s', async (_, reply) => {
    replies = [reply];
    await expect(client().find('k')).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+\/by-key\/k answers .*: is --url right\?$/,
    );
  });

  it('leads nobody elsewhere with the credential', async () => {
    replies = [{ status: 307, headers: { Location: '/elsewhere' } }, OK];
    await expect(client().find('k')).rejects.toThrow(/307, a redirect, which is not followed/);
    expect(asked.map(({ line }) => line)).toEqual(['GET /by-key/k']);
  });
});

it('a credential that cannot be sent is not shown, and not tried again', async () => {
  const refusal = await client(url, { 'X-API-Key': 'cck_sec\nret' })
    .find('k')
    .then(() => 'sent', String);
  expect(refusal).toMatch(/the request cannot be sent/);
  expect(refusal).not.toContain('ret');
  expect(asked).toEqual([]);
});

it('each write is under the condition that the job is as it was read', async () => {
  const config = { ...defaultJobConfig, name: 'n', cron_expression: '0 2 * * *' };
  await client().declare({ key: 'k', config, reason: 'why' }, undefined);
  await client().declare({ key: 'k', config, reason: undefined }, JOB);
  await client().remove(JOB, 'why');
  expect(asked.map(({ line, headers }) => [line, headers['if-none-match'], headers['if-match']])).toEqual([
    ['PUT /by-key/k', '*', undefined],
    ['PUT /by-key/k', undefined, '"3"'],
    ['DELETE /id-1', undefined, '"3"'],
  ]);
  expect(asked.every(({ headers }) => headers['x-api-key'] === 'cck_secret')).toBe(true);
});
