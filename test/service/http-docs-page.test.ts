import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { docsRoutes } from '../../src/http/docs-routes.js';
import type { PageFile } from '../../src/http/page-file.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblem } from './expect-problem.js';
import { get, listen } from './limited-server.js';
import { rawRequest, type RawAnswer } from './raw-request.js';

const TYPES = [
  ['/docs', 'text/html; charset=utf-8'],
  ['/docs/page.js', 'text/javascript; charset=utf-8'],
  ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
  ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
] as const;
const FILES = TYPES.map(([path]) => path);
const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';" +
  "form-action 'none';base-uri 'none';frame-ancestors 'none'";

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});
afterAll(() => service.app.stop());

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
  rawRequest(service.address, { method, path, headers });

describe('the page of the API', () => {
  it.each(TYPES)('is sent with its own policy: %s', async (path, type) => {
    const { status, headers, text } = await ask(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': type,
      'content-security-policy': POLICY,
      'cache-control': 'public, max-age=300',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      'content-length': String(Buffer.byteLength(text)),
    });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it.each(FILES)('is sent compressed to whoever takes that: %s', async (path) => {
    const plain = await ask(path);
    const answer = await fetch(service.address + path, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe(plain.text);
    expect(answer.headers.get('etag')).not.toBe(plain.headers.etag);
    for (const accepted of ['identity', 'gzip;q=0', 'br', '*;q=0'])
      expect((await ask(path, { 'accept-encoding': accepted })).headers.etag).toBe(plain.headers.etag);
  });

  it.each(FILES)('is sent again only when it has changed: %s', async (path) => {
    for (const encoding of ['identity', 'gzip']) {
      const accepted = { 'accept-encoding': encoding };
      const head = await ask(path, accepted, 'HEAD');
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
      const { etag = '' } = head.headers;
      const again = await ask(path, { ...accepted, 'if-none-match': etag });
      expect(again).toMatchObject({ status: 304, text: '', headers: { etag, vary: 'Accept-Encoding' } });
      expect((await ask(path, { ...accepted, 'if-none-match': '"another"' }, 'HEAD')).status).toBe(200);
    }
  });

  it('loads nothing but these files, from beside itself, and has no script or style inside', async () => {
    const { text } = await ask('/docs');
    const links = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.map((link) => `/${link}`).sort()).toEqual(
      ['/data:,', '/openapi.json', ...FILES.slice(1)].sort(),
    );
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  });

  it('has an end without a slash, also behind a gateway: its links would lead elsewhere', async () => {
    expect(await ask('/docs/')).toMatchObject({ status: 308, headers: { location: '../docs' } });
  });

  it.each([
    '/docs/package.json',
    '/docs/index.html',
    '/docs/swagger-ui.js',
    '/docs/swagger-ui-bundle.js.map',
    '/docs/swagger-ui-bundle.js/',
    '/docs/..%2fpackage.json',
    '/docs/..%2F..%2F..%2Fetc%2Fpasswd',
    '/docs/../package.json',
    '/docs/%2e%2e%5cpackage.json',
    '/docs/docs',
    '/docs/__proto__',
    '/docs/page.js%00',
    '/Docs',
    `/docs/${'x'.repeat(5_000)}`,
  ])('has no other files: %s', async (path) => {
    const { status, headers, text } = await ask(path);
    expectProblem(
      { status, text, contentType: headers['content-type'] },
      { status: 404, code: 'path_not_found' },
    );
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(text.length).toBeLessThan(600);
  });

  it.each(['POST', 'PUT', 'DELETE'])('is only read: %s', async (method) => {
    for (const path of FILES) expect((await ask(path, {}, method)).status).toBe(405);
    expect((await ask('/docs', {}, 'OPTIONS')).headers.allow).toBe('GET, HEAD, OPTIONS');
  });
});

describe('a crowd', () => {
  const path = '/docs/swagger-ui-bundle.js';

  it.each(['gzip', 'identity'])('of 200 that ask at once has the whole script: %s', async (encoding) => {
    const headers = { 'accept-encoding': encoding };
    const head = await ask(path, headers, 'HEAD');
    const sizes = await Promise.all(Array.from({ length: 200 }, () => bytesOf(path, headers)));
    expect(new Set(sizes)).toEqual(new Set([Number(head.headers['content-length'])]));
    expect(service.logged.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('that does not take it keeps nobody out', async () => {
    const bytes = Buffer.alloc(8_000_000, 'x');
    const sent = { bytes, etag: '"large"' };
    const docsFiles = { get: () => Promise.resolve<PageFile>({ type: 'js', plain: sent, gzip: sent }) };
    const { open } = await listen(express().use(docsRoutes({ docsFiles })), { connections: 10 });
    const unread = Array.from({ length: 10 }, () => open(get(path), { reads: false }));
    await eventually('all are answered', () => unread.every(({ socket }) => socket.bytesRead > 0));
    const other = open(get(path));
    await eventually('it has the whole script', () => other.text().endsWith('x'.repeat(bytes.length)));
  });

  function bytesOf(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      request(service.address + path, { headers, agent: false }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.on('error', reject).on('end', () => {
          resolve(bytes);
        });
      })
        .on('error', reject)
        .end();
    });
  }
});

describe('a file that cannot be read', () => {
  it('is a fault of the service', async () => {
    const missing = new Error('it is missing');
    const faults: unknown[] = [];
    const application = express().use(docsRoutes({ docsFiles: { get: () => Promise.reject(missing) } }));
    const { open } = await listen((request, response, last) => {
      application(request as never, response as never, (error: unknown) => {
        faults.push(error);
        last();
      });
    });
    const client = open(get('/docs'));
    await eventually('an answer', () => client.text().startsWith('HTTP/1.1 500 '));
    expect(faults).toEqual([missing]);
  });
});
