import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithChromium } from '../servers/with-chromium.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
/** What the browser says of answers that refuse something, which is what is tested. */
const REFUSED = /status of 4(00|12)|ERR_FAILED/;
let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});
afterAll(() => service.app.stop());

async function createJob(name: string): Promise<string> {
  const body = { name, cron_expression: '0 2 * * *', time_zone: 'Europe/Berlin', labels: ['eu, west'] };
  return String((await service.call('POST', '', body)).body.id);
}

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

/** @returns what stands at a field that is marked as wrong */
async function problemAt(page: Page, name: string): Promise<string> {
  await page.locator(`[aria-invalid="true"]`).first().waitFor();
  const described = (await field(page, name).getAttribute('aria-describedby')) ?? '';
  expect(await field(page, name).getAttribute('aria-invalid')).toBe('true');
  return page.locator(`[id="${described.split(' ')[0]}"]`).innerText();
}

describeWithChromium('the form of a job', (browser) => {
  it(
    'previews a schedule while it is typed, says at its field what is wrong, and creates the job',
    () =>
      visit(
        browser(),
        `${service.address}/#/jobs/new`,
        async (page) => {
          const preview = page.getByRole('region', { name: 'Preview of the schedule' });
          await field(page, 'Schedule').fill('30 2 * *');
          expect(await problemAt(page, 'Schedule')).toContain('4 fields given');
          await field(page, 'Schedule').fill('30 2 * * *');
          await field(page, 'Time zone').fill('America/New_York');
          await preview.getByText('02:30 does not exist in America/New_York').first().waitFor();
          expect(await preview.getByText('At 02:30').count()).toBe(1);
          const slots = await preview.locator('ol > li').allInnerTexts();
          expect(slots.map((slot) => /^\d{4}-\d\d-\d\d 0[23]:\d\d .+ here/.test(slot))).toEqual(
            Array.from({ length: 5 }, () => true),
          );

          await field(page, 'Reminder thresholds').fill('30, soon');
          await page.getByText('More: late slots').click();
          await field(page, 'Timeout of runs (seconds)').fill('');
          await page.getByText('More: late slots').click();
          await page.getByRole('button', { name: 'Create the job' }).click();
          await page.getByText('3 fields need a correction').waitFor();
          expect(await problemAt(page, 'Name')).toContain('1 to 128 characters');
          expect(await problemAt(page, 'Reminder thresholds')).toMatch(/^entry 2 must be a whole number/);
          await page.locator('[name=name]:focus').waitFor();
          await expectAccessible(page);

          await field(page, 'Name').fill(HOSTILE);
          expect(await field(page, 'Name').getAttribute('aria-invalid')).toBeNull();
          await field(page, 'Reminder thresholds').fill('30, 7');
          await field(page, 'Labels').fill('eu, west\nnight');
          await page.getByRole('button', { name: 'Create the job' }).click();
          await page.getByText('one field needs a correction').waitFor();
          // It was folded away.
          await page.locator('[name=timeout_seconds]:focus').waitFor();
          await field(page, 'Timeout of runs (seconds)').fill('600');
          await page.getByRole('button', { name: 'Create the job' }).click();
          await page.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor();
          const [job] = (await service.call('GET', '')).body.data as Record<string, unknown>[];
          expect(job).toMatchObject({
            name: HOSTILE,
            cron_expression: '30 2 * * *',
            time_zone: 'America/New_York',
            reminder_thresholds: [30, 7],
            labels: ['eu, west', 'night'],
            timeout_seconds: 600,
          });
        },
        { expected: REFUSED, timezoneId: 'Europe/London' },
      ),
    SLOWLY_MS,
  );

  it(
    'keeps what was entered when another client changes the job, and saves it on top of that',
    async () => {
      const id = await createJob('seen');
      await visit(browser(), `${service.address}/#/jobs/${id}/edit`, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        await service.call('PUT', `/${id}`, { description: 'before anything was entered' });
        const isReloaded = async () => (await field(page, 'Description').inputValue()) !== '';
        await eventually('the form shows what others have changed', isReloaded);
        await field(page, 'Name').fill('mine');
        await service.call('PUT', `/${id}`, {
          name: 'theirs',
          description: 'of theirs',
          reason: 'tidied up',
        });
        const conflict = page.getByRole('region', { name: 'A conflict' });
        await conflict.getByText('anonymous').waitFor();
        expect(await conflict.innerText()).toContain('tidied up');
        expect(await conflict.getByRole('row', { name: /^name/ }).innerText()).toMatch(
          /seen\s+theirs\s+mine/,
        );
        await expectAccessible(page);
        await conflict.getByRole('button', { name: 'Put my changes on top' }).click();
        await page.getByText('They are not saved yet').waitFor();
        expect(await field(page, 'Name').inputValue()).toBe('mine');
        expect(await field(page, 'Description').inputValue()).toBe('of theirs');
        expect(await conflict.count()).toBe(0);

        page.once('dialog', (asked) => void asked.dismiss());
        await page.getByRole('link', { name: 'Expiring' }).click();
        expect(await field(page, 'Name').inputValue()).toBe('mine');

        await field(page, 'Reason of the change (optional)').fill('better so');
        const sent = page.waitForRequest((request) => request.method() === 'PUT');
        await page.getByRole('button', { name: 'Save the changes' }).click();
        expect((await sent).postDataJSON()).toEqual({ name: 'mine', reason: 'better so' });
        await page.getByRole('navigation', { name: 'Of this job' }).waitFor();
        const { body } = await service.call('GET', `/${id}`);
        expect(body).toMatchObject({ name: 'mine', description: 'of theirs', labels: ['eu, west'] });
        const { body: events } = await service.call('GET', `/${id}/events`);
        expect(JSON.stringify(events)).toContain('"reason":"better so"');
      });
    },
    SLOWLY_MS,
  );

  it(
    'explains a conflict that only the answer to saving shows, and takes over what others have made',
    async () => {
      const id = await createJob('seen');
      await visit(
        browser(),
        `${service.address}/#/jobs`,
        async (page) => {
          // No event comes, and no failure that would make the page look by itself.
          await page.route('**/events/stream', () => undefined);
          await page.goto(`${service.address}/#/jobs/${id}/edit`);
          await page.reload();
          await field(page, 'Name').fill('mine');
          await service.call('PUT', `/${id}`, { name: 'theirs', reason: 'tidied up' });
          await page.getByRole('button', { name: 'Save the changes' }).click();
          const conflict = page.getByRole('region', { name: 'A conflict' });
          await conflict.getByText('tidied up').waitFor();
          expect(await page.evaluate('document.activeElement.innerText')).toBe('Put my changes on top');
          await conflict.getByRole('button', { name: 'Drop my changes' }).click();
          await page.getByText('The form shows the job as it is now').waitFor();
          expect(await field(page, 'Name').inputValue()).toBe('theirs');
          await page.getByRole('button', { name: 'Save the changes' }).click();
          await page.getByText('Nothing has been changed').waitFor();
          await page.getByRole('link', { name: 'Cancel' }).click();
          await page.getByRole('navigation', { name: 'Of this job' }).waitFor();
          expect((await service.call('GET', `/${id}`)).body).toMatchObject({ name: 'theirs' });
        },
        { expected: REFUSED },
      );
    },
    SLOWLY_MS,
  );
});
