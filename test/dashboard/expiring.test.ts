import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parsePlace } from '../../dashboard/src/place/parse-place.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { dayIn, ODD_IDS, record } from '../service/people-service.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const HOSTILE = [
  ...ODD_IDS,
  '<img src=x onerror=alert(1)>"\'<script>alert(2)</script>',
  'שלום \u202Eabc مرحبا',
  '/%2F../%',
  '..',
  ' ',
  'x'.repeat(200),
];
const TYPE = '<b>Erste</b> "Hilfe"';
const RECORDS = [
  ...HOSTILE.map((id) => record(id, 6, { mentor_id: id, labels: ['hostile', 'ü|ö'.repeat(20)], type: TYPE })),
  ...Array.from({ length: 30 }, (_, nth) => record(`due-${nth}`, 25, { mentor_id: `m-${nth % 7}` })),
  record('gone', -3),
  record('asked', 1),
  record('paused', 2, { status: 'suspended' }),
  record('left', 3, { status: 'withdrawn' }),
  record('old', 4, { mentor_id: 'm-renewed', type: 'driving' }),
  record('new', 300, { mentor_id: 'm-renewed', type: 'driving' }),
];
/** No slot comes while this runs. */
const LATER = new Date(Math.floor(Date.now() / 3_600_000 + 12) * 3_600_000);
let service: RunningApp;
let nightly: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  await service.app.adapters.registry.upsert(RECORDS, 'test');
  const create = async (job: object): Promise<string> =>
    (await service.call('POST', '', { cron_expression: `30 ${LATER.getUTCHours()} * * *`, ...job })).body
      .id as string;
  nightly = await create({ name: 'nightly', cron_expression: `0 ${LATER.getUTCHours()} * * *` });
  await create({ name: 'braked <i>', max_reminders: 5 });
  await create({ name: 'off', enabled: false });
});
afterAll(() => service.app.stop());

describeWithChromium('what expires', (browser) => {
  /** The ids of the certifications that the table links to. */
  async function idsOf(page: Page): Promise<string[]> {
    const links = page.locator('tbody th a[href*="/certification/"]');
    const hashes = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
    return hashes.map((hash) => parsePlace(hash).path[2] ?? '');
  }

  /** Of all pages. */
  async function allIds(page: Page): Promise<string[]> {
    const ids: string[] = [];
    await page.locator('tbody th a').first().waitFor();
    for (
      const next = page.getByRole('navigation', { name: 'Pages', exact: true }).getByText('Next page');
      ;
    ) {
      const shown = await idsOf(page);
      ids.push(...shown);
      if ((await next.count()) === 0) return ids;
      const first = await page.locator('tbody th a').first().getAttribute('href');
      await next.click();
      await page.locator(`tbody th a[href="${first ?? ''}"]`).waitFor({ state: 'detached' });
    }
  }

  async function downloaded(page: Page): Promise<{ name: string; text: string }> {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  }

  const csvOf = async (path: string): Promise<string> => (await fetch(service.api + path)).text();

  it(
    'tells who is reminded tonight in two clicks, and who was last night in three: just those of the forecast',
    () =>
      visit(browser(), service.address, async (page) => {
        await page.getByRole('link', { name: 'Expiring' }).click();
        await page.getByRole('link', { name: 'Who will be reminded' }).click();
        const tonight = LATER.toISOString().slice(0, 10);
        await page.getByRole('heading', { name: `Whom nightly reminds on ${tonight}` }).waitFor();
        await page.getByText(/reminders would be asked for, of 52 records/).waitFor();
        await expectAccessible(page);
        expect(page.url()).toContain(`forecast?job=${nightly}`);

        await page.goto(`${service.address}/#/expiring/forecast?job=${nightly}&on=${dayIn(0)}`);
        await page.getByRole('heading', { name: `reminds on ${dayIn(0)}` }).waitFor();
        const forecast = await allIds(page);
        expect(forecast).toHaveLength(HOSTILE.length + 32);
        const file = await downloaded(page);
        expect(file.name).toBe(`forecast-${nightly}-${dayIn(0)}.csv`);
        expect(file.text).toBe(await csvOf(`/${nightly}/forecast?on=${dayIn(0)}&format=csv`));
        expect(await page.getByText('1 renewed by a later record').isVisible()).toBe(true);

        await page.getByRole('link', { name: 'braked <i>' }).click();
        await page.getByText(/reminders are due, and 5 are allowed: a real run would stop/).waitFor();
        await page.getByRole('link', { name: 'off' }).click();
        await page.getByText('The job has no slot to come: it is disabled').waitFor();

        await page.getByRole('link', { name: 'Who was reminded' }).click();
        await page.getByText('No run yet').waitFor();
        await page.getByText('Live', { exact: true }).waitFor();
        await service.call('POST', `/${nightly}/execute`, { dry_run: false });
        await service.call('POST', `/${nightly}/execute`, { dry_run: true });
        await page.getByRole('link', { name: `${forecast.length} reminders` }).click();
        await page.getByRole('heading', { name: 'Whom nightly has reminded' }).waitFor();
        await page.locator('tbody th a').first().waitFor();
        await expectAccessible(page);
        expect(await allIds(page)).toEqual(forecast);
        const run = parsePlace(new URL(page.url()).hash).query.run ?? '';
        expect(await downloaded(page)).toEqual({
          name: `${run}.csv`,
          text: await csvOf(`/${nightly}/runs/${run}/reminders?format=csv`),
        });

        let clicks = 0;
        await page.goto(service.address);
        for (const name of ['Expiring', 'Who was reminded', `${forecast.length} reminders`]) {
          await page.getByRole('link', { name }).click();
          clicks++;
        }
        await page.getByRole('heading', { name: 'Whom nightly has reminded' }).waitFor();
        expect(clicks).toBe(3);

        for (let times = 0; times < 2; times++)
          await service.call('POST', `/${nightly}/execute?wait=20`, { dry_run: false });
        await page.getByRole('link', { name: 'The runs of all jobs' }).click();
        await page.getByRole('row', { name: /^2 runs, from .* have reminded nobody$/ }).waitFor();
        await page.getByRole('link', { name: '2 runs' }).click();
        await page.getByRole('link', { name: 'nobody' }).nth(1).waitFor();
        await page.getByRole('link', { name: 'Fold those that have reminded nobody' }).click();
        await page.getByRole('link', { name: '2 runs' }).waitFor();
      }),
    SLOWLY_MS,
  );

  it(
    'tells why not this one in three clicks at most, and what has renewed it',
    () =>
      visit(browser(), service.address, async (page) => {
        await page.getByRole('link', { name: 'Expiring' }).click();
        await page.getByRole('link', { name: 'old', exact: true }).click();
        const verdict = page.locator('.notice');
        expect(await verdict.innerText()).toMatch(
          /^No reminder will come\. It was renewed.*Renewed by new\.$/,
        );
        await expectAccessible(page);
        await verdict.getByRole('link', { name: 'new' }).click();
        await page.getByText(`The next reminder comes on`).waitFor();

        const explain = async (id: string, found: RegExp): Promise<void> => {
          await page.getByRole('link', { name: 'Records' }).click();
          await page.getByLabel('Why is this one reminded of').fill(id);
          await page.keyboard.press('Enter');
          await page.getByRole('heading', { name: `Why ${id} is` }).waitFor();
          await page.getByText(found).first().waitFor();
        };
        await explain('paused', /No reminder will come\. The record is suspended/);
        await explain('left', /No reminder will come\. The record is withdrawn/);
        const asked = await service.call('GET', '/certifications/asked');
        if ((asked.body.reminders as unknown[]).length === 0)
          await service.call('POST', `/${nightly}/execute`, { dry_run: false });
        await explain('asked', /This reminder was already asked for/);
        await page
          .getByRole('row', { name: '1 day before expiry' })
          .getByRole('link', { name: 'nightly' })
          .click();
        await page.getByRole('heading', { name: 'Whom nightly has reminded' }).waitFor();
      }),
    SLOWLY_MS,
  );

  it(
    'narrows the records by the address, and sends the same question for the file',
    () =>
      visit(
        browser(),
        `${service.address}/#/expiring`,
        async (page) => {
          const place = (): Record<string, string> => ({ ...parsePlace(new URL(page.url()).hash).query });
          expect(await allIds(page)).toEqual([
            ...(await service.call('GET', '/certifications?limit=100')).body.data.map(
              ({ certification_id }: { certification_id: string }) => certification_id,
            ),
          ]);
          expect(place().cursor).toBeDefined();
          await page.getByRole('link', { name: 'First page' }).click();
          await page.getByRole('row', { name: 'gone' }).getByText('3 days ago expired').waitFor();

          await page.getByRole('link', { name: 'Within 7 days' }).click();
          await page.getByLabel('Status').selectOption('active');
          await page.getByLabel('Order').selectOption('-expires_at');
          await page.getByLabel('Type').fill(TYPE);
          await page.keyboard.press('Enter');
          await page.getByRole('row', { name: 'old' }).waitFor({ state: 'detached' });
          const asked = {
            expired: 'false',
            expires_within: '7',
            status: 'active',
            type: TYPE,
            sort: '-expires_at',
          };
          expect(place()).toEqual(asked);
          expect(await downloaded(page)).toEqual({
            name: 'certifications.csv',
            text: await csvOf(`/certifications?${new URLSearchParams(asked).toString()}&format=csv`),
          });
          await page.getByRole('row', { name: '100%' }).getByRole('link', { name: 'hostile' }).click();
          await page.waitForURL(/label=hostile/);
          expect(place()).toEqual({ ...asked, label: 'hostile' });
          await page.getByRole('row', { name: '100%' }).getByRole('link', { name: '100%' }).last().click();
          await page.getByRole('row', { name: 'a/b' }).waitFor({ state: 'detached' });
          expect(place()).toEqual({ ...asked, label: 'hostile', mentor_id: '100%' });
          await page.getByRole('link', { name: 'Clear filters' }).click();
          expect(place()).toEqual({ sort: '-expires_at' });
          await page.goto(`${service.address}/#/expiring?expires_within=soon`);
          await page.getByRole('alert').getByText('expires_within').waitFor();
        },
        { expected: /status of 400/ },
      ),
    SLOWLY_MS,
  );

  it(
    'takes ids for what they are, whatever is in them, on a phone in the dark, too',
    () =>
      visit(
        browser(),
        `${service.address}/#/expiring?label=hostile`,
        async (page) => {
          await page.getByRole('link', { name: 'a/b' }).first().waitFor();
          expect(await idsOf(page)).toHaveLength(HOSTILE.length);
          const widths = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
          expect(await page.evaluate(widths)).toBe(0);
          await expectAccessible(page);
          for (const id of HOSTILE) {
            const href = `#/expiring/certification/${encodeURIComponent(id)}`;
            await page.locator(`tbody th a[href="${href}"]`).click();
            const shown = id.trim() === id && !id.includes('\u202E') ? id : id.trim();
            await page.getByRole('heading', { level: 2 }).filter({ hasText: shown }).waitFor();
            if (id === '..')
              await page.getByText('No browser can ask for a certification of this id').waitFor();
            else await page.getByText(/^The next reminder comes on|^No reminder will come/).waitFor();
            expect(await page.evaluate(widths)).toBe(0);
            await page.goBack();
          }
        },
        { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
      ),
    SLOWLY_MS,
  );
});
