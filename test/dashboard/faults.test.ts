import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { StoreError } from '../../src/ports/store-error.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { SLOWLY_MS, visit } from './visit.js';

let service: RunningApp;
let job: string;
/** What stands between the browser and the service answers some paths itself. */
let answers: (incoming: IncomingMessage, response: ServerResponse) => boolean = () => false;
const proxy = createServer((incoming, response) => {
  if (answers(incoming, response)) return;
  const { url = '', method, headers } = incoming;
  const passed = request(service.address + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy());
  incoming.pipe(passed);
});
let address: string;

let isStoreDown = false;
function openFailingStore(): ReadStore {
  const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const refuse = () => Promise.reject(new StoreError('store_unavailable', 'it is down'));
  return new Proxy(store, {
    get: (target, name, proxy) =>
      isStoreDown && name !== 'close' ? refuse : (Reflect.get(target, name, proxy) as unknown),
  });
}

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() }, { store: openFailingStore() });
  const { body } = await service.call('POST', '', { name: 'nightly', cron_expression: '0 2 * * *' });
  job = String(body.id);
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await service.app.stop();
});

describeWithChromium('the dashboard, where something is wrong', (browser) => {
  afterEach(() => {
    isStoreDown = false;
    answers = () => false;
  });

  it(
    'asks for nothing else by an address that names no job and no run',
    () =>
      visit(browser(), address, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        for (const id of ['leader', '.', `${job}/runs/..`, '__proto__']) {
          await page.evaluate(`location.hash = '#/jobs/${id}'`);
          await page.getByText('nothing is called so').waitFor();
          if (!id.startsWith(job)) expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
          await page.evaluate("location.hash = '#/jobs'");
          await page.getByRole('link', { name: 'nightly' }).waitFor();
        }
      }),
    SLOWLY_MS,
  );

  it.each([
    ['application/json', '{"maintenance":true}', 'It did not work'],
    ['text/html', '<h1>We are moving</h1>', 'something on the way to it has sent it'],
  ])(
    'says so, and goes on, where an answer is none of the API: %s',
    async (type, text, said) => {
      answers = ({ url = '' }, response) => {
        if (!url.includes('sort=name')) return false;
        response.setHeader('Content-Type', type).end(text);
        return true;
      };
      await visit(browser(), address, async (page) => {
        await page.getByRole('alert').getByText(said).waitFor();
        answers = () => false;
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByRole('link', { name: 'nightly' }).waitFor();
      });
    },
    SLOWLY_MS,
  );

  it(
    'is dim where an answer is that of before, until the other one comes',
    async () => {
      // It never comes.
      answers = ({ url = '' }) => url.includes('name=night');
      await visit(browser(), address, async (page) => {
        await page.getByRole('link', { name: 'nightly' }).waitFor();
        await page.goto(`${address}/#/jobs?name=night`);
        await page.locator('.of-before').getByRole('link', { name: 'nightly' }).waitFor();
      });
    },
    SLOWLY_MS,
  );

  it(
    'shows what it has while the read store is down, says so, and heals by itself',
    () =>
      visit(
        browser(),
        address,
        async (page) => {
          await page.getByText('Live', { exact: true }).waitFor();
          await page.getByRole('link', { name: 'nightly' }).waitFor();
          isStoreDown = true;
          const job = { name: 'written meanwhile', cron_expression: '0 3 * * *' };
          expect((await service.call('POST', '', job)).status).toBe(201);
          const alert = page.getByRole('alert').filter({ hasText: 'A database does not answer' });
          await alert.filter({ hasText: 'What is shown here is older.' }).first().waitFor();
          await page.getByRole('link', { name: 'nightly' }).waitFor();
          isStoreDown = false;
          await page.getByRole('link', { name: 'written meanwhile' }).waitFor();
          await alert.first().waitFor({ state: 'detached' });
        },
        { expected: /status of 503/ },
      ),
    SLOWLY_MS,
  );

  it(
    'looks now and then where no stream is left, and is live as soon as one is',
    async () => {
      const taking = new AbortController();
      const streams = Array.from({ length: 100 }, () =>
        fetch(`${service.api}/events/stream`, { signal: taking.signal }),
      );
      expect((await Promise.all(streams)).map(({ status }) => status)).toEqual(streams.map(() => 200));
      await visit(
        browser(),
        address,
        async (page) => {
          await page.clock.install();
          await page.reload();
          await page.getByText('Not live, trying again', { exact: true }).waitFor();
          await service.call('POST', '', { name: 'unheard', cron_expression: '0 3 * * *' });
          await page.clock.runFor(20_000);
          await page.getByRole('link', { name: 'unheard' }).waitFor();
          taking.abort();
          await eventually('the page is live', async () => {
            await page.clock.runFor(5_000);
            return page.getByText('Live', { exact: true }).isVisible();
          });
        },
        { expected: /status of (429|503)/ },
      );
    },
    SLOWLY_MS,
  );

  it(
    'lets go of a stream that it cannot read',
    async () => {
      let open = 0;
      let most = 0;
      let begun = 0;
      answers = ({ url = '' }, response) => {
        if (!url.endsWith('/events/stream')) return false;
        begun++;
        most = Math.max(most, ++open);
        response.on('close', () => open--);
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: {"half\n\n');
        return true;
      };
      await visit(browser(), address, async (page) => {
        for (let turn = 0; turn < 3; turn++) await page.waitForResponse(/events\/stream/);
        await page.getByRole('link', { name: 'nightly' }).waitFor();
      });
      expect(begun).toBeGreaterThanOrEqual(3);
      expect(most).toBe(1);
    },
    SLOWLY_MS,
  );

  it(
    'goes by the clock of the service, not by that of the viewer',
    () =>
      visit(browser(), address, async (page) => {
        await page.clock.setSystemTime(Date.now() - 5 * 86_400_000);
        await page.goto(`${address}/#/jobs/${job}/slots?range=day`);
        await page.reload();
        const today = new Date().toISOString().slice(0, 10);
        await page.getByRole('link', { name: 'Slots', exact: true }).waitFor();
        await page.getByRole('rowheader').first().waitFor();
        expect(await page.getByRole('main').innerText()).toContain(today.slice(0, 7));
        const days = await page.getByRole('rowheader').locator('time').evaluateAll(datesOf);
        const slots = days.map((day) => Math.abs(Date.parse(day) - Date.now()));
        expect(Math.max(...slots)).toBeLessThan(2 * 86_400_000);
      }),
    SLOWLY_MS,
  );

  it(
    'forgets what it has shown when another service, with other data, takes over at its address',
    () =>
      visit(
        browser(),
        `${address}/#/jobs/${job}`,
        async (page) => {
          await page.getByRole('heading', { name: 'nightly', level: 1 }).waitFor();
          await page.getByText('Live', { exact: true }).waitFor();
          const former = service;
          service = await startApp({ DATA_DIR: temporaryFolder() });
          await former.app.stop();
          await page.getByText('There is no such job').first().waitFor();
          await page.getByRole('link', { name: 'Jobs', exact: true }).click();
          await page.getByText('There is no job yet').waitFor();
        },
        { expected: /status of (404|503)|ERR_/ },
      ),
    SLOWLY_MS,
  );
});

function datesOf(times: unknown[]): string[] {
  return times.map((time) => (time as { dateTime: string }).dateTime);
}
