import { writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Locator, Page, Request } from 'playwright-core';
import { hashOf } from '../../src/access/api-keys.js';
import { BASE_PATH } from '../../src/http/api.js';
import { SLOWLY_MS, visit } from '../dashboard/visit.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KEY = `cck_${'k'.repeat(43)}`;
/** The gateway takes it off the path. */
const PREFIX = '/certifications-service';
let service: RunningApp;
let gateway: Server;
let entry: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  const keysFile = join(folder, 'keys.json');
  const hash = `sha256:${hashOf(KEY).toString('hex')}`;
  const keys = [{ name: 'reader', hash, scopes: ['read'], expires_at: null }];
  writeFileSync(keysFile, JSON.stringify({ keys }), { mode: 0o600 });
  service = await startApp({ DATA_DIR: folder, API_KEYS_FILE: keysFile });
  gateway = createGateway();
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  entry = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(async () => {
  gateway.closeAllConnections();
  gateway.close();
  await service.app.stop();
});

function createGateway(): Server {
  return createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const path = url.replace(PREFIX, '');
    const passed = request(service.address + path, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
}

describeWithChromium('the page of the API in Chromium', (browser) => {
  /** Opens the page; a request that fails is a failure, too. */
  const open = (
    path: string,
    act: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<Request[]> =>
    visit(
      browser(),
      entry + path,
      async (page) => {
        const failed: string[] = [];
        page.on('requestfailed', (request) => failed.push(request.url()));
        await operation(page, 'get', '/livez').waitFor();
        await act(page);
        expect(failed).toEqual([]);
      },
      options,
    );

  const operation = (page: Page, method: string, path: string): Locator =>
    page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });

  /** @returns what the page shows of the answer */
  async function tryOut(shown: Locator): Promise<string> {
    await shown.locator('.opblock-summary-control').click();
    await shown.getByRole('button', { name: 'Try it out' }).click();
    await shown.getByRole('button', { name: 'Execute' }).click();
    return shown.locator('.live-responses-table').first().innerText();
  }

  /** The first operation, as somebody does who has no mouse. */
  async function openByKeyboard(page: Page): Promise<void> {
    const first = page.locator('.opblock').first();
    const reached = first.locator('.opblock-summary-control:focus');
    for (let pressed = 0; pressed < 20 && (await reached.count()) === 0; pressed++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await first.getByRole('button', { name: 'Try it out' }).waitFor();
  }

  it(
    'shows each operation of the document, whatever its address says, and tries one out',
    async () => {
      const { paths } = (await (await fetch(`${entry}/openapi.json`)).json()) as {
        paths: Record<string, object>;
      };
      const other = encodeURIComponent('http://elsewhere.invalid/openapi.json');
      const asked = await open(`/docs?url=${other}&configUrl=${other}`, async (page) => {
        for (const [path, methods] of Object.entries(paths))
          for (const method of Object.keys(methods))
            expect(await operation(page, method, path).count()).toBe(1);
        await openByKeyboard(page);
        expect(await tryOut(operation(page, 'get', '/livez'))).toMatch(
          /^Code\s+Details\s+200\s[^]*"status": "ok"/,
        );
        expect(new URL(page.url()).hash).toMatch(/^#\/\w+\/\w+$/);
      });
      expect(asked.at(-1)?.url()).toBe(`${entry}/livez`);
    },
    SLOWLY_MS,
  );

  it(
    'sends the credential that was entered, and forgets it with the page',
    async () => {
      const path = BASE_PATH;
      const asked = await open('/docs', async (page) => {
        await page.locator('button.authorize').first().click();
        const dialog = page.locator('.modal-ux .auth-container', { hasText: 'X-API-Key' });
        await dialog.locator('input').fill(KEY);
        await dialog.locator('button.authorize').click();
        await page.locator('.modal-ux button.btn-done').first().click();
        expect(await tryOut(operation(page, 'get', path))).toMatch(/200\s[^]*"pagination"/);
        expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain(KEY);
      });
      expect(asked.at(-1)?.url().split('?')[0]).toBe(entry + path);
      expect(asked.at(-1)?.headers()['x-api-key']).toBe(KEY);
    },
    SLOWLY_MS,
  );

  it(
    'is dark for whoever wants that, and works behind a gateway that takes a prefix off',
    async () => {
      const asked = await open(
        `${PREFIX}/docs/`,
        async (page) => {
          expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
          expect(await tryOut(operation(page, 'get', '/livez'))).toContain('"status": "ok"');
          await page.emulateMedia({ colorScheme: 'light' });
          await page.locator('html:not(.dark-mode)').waitFor();
        },
        { colorScheme: 'dark' },
      );
      expect(asked.at(-1)?.url()).toBe(`${entry}${PREFIX}/livez`);
    },
    SLOWLY_MS,
  );
});
