import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithChromium } from '../servers/with-chromium.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectAccessible, isFocused, SLOWLY_MS, SOON_MS, visit } from './visit.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  for (const name of ['nightly', 'weekly', HOSTILE]) {
    const body = { name, cron_expression: '0 2 * * *', time_zone: 'Europe/Berlin', labels: ['eu'] };
    expect((await service.call('POST', '', body)).status).toBe(201);
  }
});
afterAll(() => service.app.stop());

describeWithChromium('the list of jobs', (browser) => {
  it(
    'shows each job, names made of HTML as text, and is accessible',
    () =>
      visit(browser(), service.address, async (page) => {
        await page.getByRole('link', { name: 'nightly' }).waitFor();
        expect(await page.getByRole('row', { name: HOSTILE }).innerText()).toContain('At 02:00');
        await expectAccessible(page);
      }),
    SLOWLY_MS,
  );

  it(
    'has room on the narrowest phone for the longest words',
    async () => {
      const { body } = await service.call('POST', '', {
        name: 'W'.repeat(128),
        description: 'D'.repeat(400),
        labels: ['L'.repeat(64)],
        cron_expression: '0 2 * * *',
      });
      const shown = { viewport: { width: 320, height: 700 } };
      for (const place of ['/slots', '/history', '/edit'])
        await visit(
          browser(),
          `${service.address}/#/jobs/${String(body.id)}${place}`,
          async (page) => {
            await page.getByRole('heading', { level: 2 }).first().waitFor({ state: 'attached' });
            expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
          },
          shown,
        );
      await service.call('DELETE', `/${String(body.id)}`);
    },
    SLOWLY_MS,
  );

  it(
    'has its filters in the address',
    () =>
      visit(browser(), `${service.address}/#/jobs?name=week`, async (page) => {
        await page.getByRole('link', { name: 'weekly' }).waitFor();
        expect(await page.getByRole('link', { name: 'nightly' }).count()).toBe(0);
        await page.getByRole('searchbox', { name: 'Name' }).fill('night');
        await page.getByRole('link', { name: 'nightly' }).waitFor();
        expect(new URL(page.url()).hash).toBe('#/jobs?name=night');
        await page.getByRole('link', { name: 'Clear filters' }).press('Enter');
        await page.getByText('3 of 3 jobs').waitFor();
        // What was pressed is gone.
        expect(await page.getByRole('searchbox', { name: 'Name' }).evaluate(isFocused)).toBe(true);
        expect(await page.title()).toBe('Jobs · certification-cron');
        await page.getByRole('link', { name: 'nightly' }).press('Enter');
        await page.getByRole('heading', { name: 'nightly', level: 1 }).waitFor();
        expect(await page.getByRole('main').evaluate(isFocused)).toBe(true);
        expect(await page.title()).toBe('Runs · nightly · certification-cron');
        const slots = page.getByRole('link', { name: 'Slots', exact: true });
        await slots.press('Enter');
        await page.getByRole('heading', { name: 'What became of each slot' }).waitFor();
        expect(await slots.evaluate(isFocused)).toBe(true);
        await expectAccessible(page);
      }),
    SLOWLY_MS,
  );

  it(
    'keeps what is being typed while it is drawn anew, and takes filters that are chosen at once',
    () =>
      visit(browser(), service.address, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        const label = page.getByLabel('Label');
        await label.fill('not entered yet');
        const job = { name: 'drawn anew', cron_expression: '0 3 * * *' };
        const { body } = await service.call('POST', '', job);
        await page.getByRole('link', { name: 'drawn anew' }).waitFor();
        expect(await label.inputValue()).toBe('not entered yet');
        await label.fill('');
        await page.getByRole('combobox', { name: 'State' }).selectOption('active');
        await page.getByRole('combobox', { name: 'Overdue' }).selectOption('false');
        await page.waitForURL(/status=active/);
        expect(page.url()).toContain('overdue=false');
        await service.call('DELETE', `/${String(body.id)}`);
      }),
    SLOWLY_MS,
  );

  it(
    'shows soon what happens elsewhere',
    () =>
      visit(browser(), service.address, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        const { body } = await service.call('POST', '', {
          name: 'created elsewhere',
          cron_expression: '0 3 * * *',
        });
        await page.getByRole('link', { name: 'created elsewhere' }).waitFor({ timeout: SOON_MS });
        await service.call('PUT', `/${String(body.id)}`, { enabled: false });
        const row = page.getByRole('row', { name: 'created elsewhere' });
        await row.getByText('disabled').waitFor({ timeout: SOON_MS });
        await service.call('DELETE', `/${String(body.id)}`);
      }),
    SLOWLY_MS,
  );
});
