import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithChromium } from '../servers/with-chromium.js';
import { record } from '../service/people-service.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { keyedIn, signIn } from './keyed-service.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const KEYS = { 'only-read': ['read'], 'only-people': ['people'] } as const;
let service: RunningApp;

beforeAll(async () => {
  service = await startApp(keyedIn(temporaryFolder(), KEYS));
  await service.app.adapters.registry.upsert([record('cert-7', 5), record('cert-8', -5)], 'test');
});
afterAll(() => service.app.stop());

describeWithChromium('what expires, by scope', (browser) => {
  it(
    'without people says how to get it, and asks nothing',
    () =>
      visit(
        browser(),
        `${service.address}/#/expiring`,
        async (page) => {
          const asked: string[] = [];
          page.on('request', (request) => asked.push(new URL(request.url()).pathname));
          await signIn(page, 'only-read');
          await page.getByText('key:only-read').waitFor();
          for (const path of ['', '/forecast', '/reminded?job=cron-1&run=run-1', '/certification/cert-7']) {
            await page.goto(`${service.address}/#/expiring${path}`);
            await page.getByText('Your credential does not have the scope people').waitFor();
          }
          await expectAccessible(page);
          expect(asked.filter((path) => !/\/(access|events\/stream)$/.test(path))).toEqual([]);
          await page.getByRole('button', { name: 'Sign in with another credential' }).click();
          await page.getByLabel('API key or token').waitFor();
        },
        { expected: /status of 401/ },
      ),
    SLOWLY_MS,
  );

  it(
    'with people alone shows records, their explanation and their file, and says that it can list no jobs',
    () =>
      visit(
        browser(),
        `${service.address}/#/expiring`,
        async (page) => {
          await signIn(page, 'only-people');
          await page.getByText('key:only-people').waitFor();
          await page.getByRole('row', { name: 'cert-8' }).getByText('5 days ago').waitFor();
          const [file] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('button', { name: 'Download as CSV' }).click(),
          ]);
          expect(readFileSync(await file.path(), 'utf8')).toMatch(
            /^certification_id,.*\r\ncert-8,.*\r\ncert-7,/,
          );
          for (const tab of ['Who will be reminded', 'Who was reminded']) {
            await page.getByRole('link', { name: tab }).click();
            await page.getByText('Jobs and their runs cannot be listed').waitFor();
          }
          await expectAccessible(page);
          await page.goto(`${service.address}/#/expiring/certification/cert-7`);
          await page.getByText('There is no job that could remind of it').waitFor();
        },
        { expected: /status of 40[13]/ },
      ),
    SLOWLY_MS,
  );

  it(
    'from elsewhere, without a credential, says where to open it',
    async () => {
      const open = await startApp({ DATA_DIR: temporaryFolder() });
      try {
        await visit(
          browser(),
          `${open.address}/#/expiring`,
          async (page) => {
            await page
              .getByText('is served to the machine of the service alone: open this page there')
              .waitFor();
          },
          { extraHTTPHeaders: { Via: '1.1 gateway' } },
        );
      } finally {
        await open.app.stop();
      }
    },
    SLOWLY_MS,
  );
});
