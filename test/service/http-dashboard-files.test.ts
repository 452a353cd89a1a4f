import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { dashboardRoutes } from '../../src/http/dashboard-routes.js';
import { createDashboardFiles } from '../../src/service/dashboard-files.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblem } from './expect-problem.js';
import { get, listen } from './limited-server.js';
import { rawRequest, type RawAnswer } from './raw-request.js';

const TYPES = [
  ['/', 'text/html; charset=utf-8', 'index.html'],
  ['/dashboard/dashboard.js', 'text/javascript; charset=utf-8', 'dashboard.js'],
  ['/dashboard/dashboard.css', 'text/css; charset=utf-8', 'dashboard.css'],
] as const;
const FILES = TYPES.map(([path]) => path);
const SCRIPT = '/dashboard/dashboard.js';
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

describe('the files of the dashboard', () => {
  it.each(TYPES)('are sent as they were built, with a policy of their own: %s', async (path, type, file) => {
    const { status, headers, text } = await ask(path);
    expect(status).toBe(200);
    expect(text).toBe(readFileSync(`dist/dashboard/${file}`, 'utf8'));
    expect(headers).toMatchObject({
      'content-type': type,
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      'content-length': String(Buffer.byteLength(text)),
    });
  });

  it.each(FILES)(
    'are sent compressed to whoever takes that, and again only when changed: %s',
    async (path) => {
      const etags = new Set<string>();
      for (const [accepted, encoding] of [
        ['identity', undefined],
        ['gzip, br', 'gzip'],
      ]) {
        const headers = { 'accept-encoding': accepted ?? '' };
        const head = await ask(path, headers, 'HEAD');
        expect([head.status, head.text, head.headers['content-encoding']]).toEqual([200, '', encoding]);
        const { etag = '' } = head.headers;
        etags.add(etag);
        const again = await ask(path, { ...headers, 'if-none-match': etag });
        expect(again).toMatchObject({
          status: 304,
          text: '',
          headers: { etag, 'cache-control': 'no-cache' },
        });
        expect((await ask(path, { ...headers, 'if-none-match': '"another"' }, 'HEAD')).status).toBe(200);
      }
      expect(etags.size).toBe(2);
    },
  );

  it('are less than 100 kB in all', async () => {
    const sizes = await Promise.all(
      FILES.map(async (path) =>
        Number((await ask(path, { 'accept-encoding': 'gzip' }, 'HEAD')).headers['content-length']),
      ),
    );
    expect(sizes.every((size) => size > 0)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(100_000);
  });

  it('are all that the page loads, from beside it, with no script or style inside', async () => {
    const { text } = await ask('/');
    const links = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link = '']) => link);
    const loaded = FILES.slice(1).map((path) => path.slice(1));
    expect(links.sort()).toEqual(['data:,', 'openapi.json', ...loaded].sort());
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  });

  it('ask no credential, whatever comes with the question', async () => {
    for (const path of FILES) {
      expect((await ask(path, { authorization: 'Bearer x', 'x-api-key': 'y' })).status).toBe(200);
      expect((await ask(`${path}?as=anything`)).status).toBe(200);
    }
  });

  it.each([
    '/index.html',
    '/dashboard',
    '/dashboard/',
    '/dashboard/index.html',
    '/dashboard/dashboard.js.map',
    '/dashboard/dashboard.js/',
    '/dashboard/..%2fmain.js',
    '/dashboard/..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    '/dashboard/../main.js',
    '/dashboard/%2e%2e%5cpackage.json',
    '/dashboard/__proto__',
    '/dashboard/dashboard.js%00',
    '/Dashboard/dashboard.js',
    '/docs/dashboard.js',
    `/dashboard/${'x'.repeat(5_000)}`,
  ])('are no others: %s', async (path) => {
    const { status, headers, text } = await ask(path);
    expectProblem(
      { status, text, contentType: headers['content-type'] },
      { status: 404, code: 'path_not_found' },
    );
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(text.length).toBeLessThan(600);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('are only read: %s', async (method) => {
    for (const path of FILES) {
      expect((await ask(path, {}, method)).status).toBe(405);
      expect((await ask(path, {}, 'OPTIONS')).headers.allow).toBe('GET, HEAD, OPTIONS');
    }
  });

  it('are there for 200 that ask at once', async () => {
    const { text } = await ask(SCRIPT);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, nth) =>
        ask(SCRIPT, { 'accept-encoding': nth % 2 === 0 ? 'identity' : 'gzip' }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter((answer) => answer.text === text)).toHaveLength(100);
    expect(service.logged.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

describe('a dashboard that is not built', () => {
  it('is a fault that says how to build it, and is there once it is built', async () => {
    const folder = temporaryFolder();
    const dashboardFiles = createDashboardFiles(pathToFileURL(`${folder}/`));
    const faults: unknown[] = [];
    const application = express().use(dashboardRoutes({ dashboardFiles }));
    const { open } = await listen((request, response, last) => {
      application(request as never, response as never, (error: unknown) => {
        faults.push(error);
        last();
      });
    });
    const before = open(get('/'));
    await eventually('an answer', () => before.text().startsWith('HTTP/1.1 500 '));
    expect(String(faults[0])).toBe('Error: the dashboard is not built: npm run build makes index.html');
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    const after = open(get('/'));
    await eventually('an answer', () => after.text().startsWith('HTTP/1.1 200 '));
    await eventually('the page', () => after.text().endsWith('<!doctype html>'));
    expect(faults).toHaveLength(1);
  });
});

it('each file of the dashboard is compressed once for all who ask', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dashboard.css'), 'a {}');
  const files = createDashboardFiles(pathToFileURL(`${folder}/`));
  const asked = await Promise.all(
    Array.from({ length: 200 }, async () => files.get('dashboard/dashboard.css')),
  );
  expect(new Set(asked).size).toBe(1);
  expect(gunzipSync(asked[0]?.gzip.bytes ?? Buffer.alloc(0)).toString()).toBe('a {}');
});
