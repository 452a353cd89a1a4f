import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWithChromium } from '../servers/with-chromium.js';
import { eventually } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { asKey, keyedIn, signIn } from './keyed-service.js';
import { expectAccessible, isFocused, SLOWLY_MS, visit } from './visit.js';

const KEYS = {
  reader: ['read'],
  operator: ['read', 'operate'],
  writer: ['read', 'operate', 'write'],
} as const;
/**
 * What the browser says of requests without a credential, for a job that is deleted, under a condition that has failed, and
 * while the read models of a service that has just started are behind: the page asks again then.
 */
const REFUSED = /status of (401|404|412|503)/;
const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';
let service: RunningApp;

beforeAll(async () => {
  service = await startApp(keyedIn(temporaryFolder(), KEYS));
  const expires_at = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await service.app.adapters.registry.upsert(
    ['c1', 'c2', 'c3'].map((certification_id) => ({
      certification_id,
      mentor_id: `mentor of ${certification_id}`,
      expires_at,
      type: null,
      labels: [],
      status: 'active' as const,
      renewable_from: null,
    })),
    'test',
  );
});
afterAll(() => service.app.stop());

const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
  service.call(method, path, body, asKey('writer'));

async function createJob(settings: object = {}): Promise<string> {
  const body = { name: HOSTILE, cron_expression: '0 2 1 1 *', ...settings };
  return String((await call('POST', '', body)).body.id);
}

function visitAs(
  browser: Browser,
  who: keyof typeof KEYS,
  hash: string,
  act: (page: Page) => Promise<void>,
): Promise<unknown> {
  return visit(
    browser,
    `${service.address}/${hash}`,
    async (page) => {
      await signIn(page, who);
      await act(page);
    },
    { expected: REFUSED },
  );
}

const actions = (page: Page) => page.getByRole('group', { name: 'Actions' });
const dialog = (page: Page) => page.getByRole('dialog');

describeWithChromium('the actions of a job', (browser) => {
  it(
    'are not offered to whom the service would refuse them',
    async () => {
      const id = await createJob();
      await visitAs(browser(), 'reader', `#/jobs/${id}`, async (page) => {
        await page.getByRole('heading', { name: HOSTILE }).waitFor();
        expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
        expect(await actions(page).count()).toBe(0);
        await page.goto(`${service.address}/#/jobs/${id}/edit`);
        await page.getByText('This needs the scope write').waitFor();
        await page.goto(`${service.address}/#/jobs`);
        await page.getByRole('link', { name: HOSTILE }).first().waitFor();
        expect(await page.getByRole('link', { name: 'New job' }).count()).toBe(0);
      });
    },
    SLOWLY_MS,
  );

  it(
    'switch a job off and on for a reason, which its history keeps',
    async () => {
      const id = await createJob();
      await visitAs(browser(), 'operator', `#/jobs/${id}`, async (page) => {
        await actions(page).getByRole('button', { name: 'Disable' }).click();
        expect(await actions(page).getByText('Delete').count()).toBe(0);
        await dialog(page).getByLabel('Reason').fill('the registry moves');
        await expectAccessible(page);
        // Somebody changes the job while the dialog is open.
        await call('PUT', `/${id}`, { description: 'other' });
        await dialog(page).getByRole('button', { name: 'Disable' }).click();
        await dialog(page).getByText('Somebody else has changed it meanwhile').waitFor();
        await dialog(page).getByRole('button', { name: 'Disable' }).click();
        await actions(page).getByRole('button', { name: 'Enable' }).waitFor();
        expect(await dialog(page).count()).toBe(0);
        expect((await call('GET', `/${id}`)).body).toMatchObject({
          status: 'disabled',
          description: 'other',
        });
        const { body } = await call('GET', `/${id}/events`);
        const disabled = (body.data as Record<string, unknown>[]).find(({ reason }) => reason !== null);
        expect(disabled).toMatchObject({
          actor: 'key:operator',
          reason: 'the registry moves',
          changes: [{ field: 'enabled', from: true, to: false }],
        });
      });
    },
    SLOWLY_MS,
  );

  it(
    'run a job once, however often they are clicked, and show how the run ends',
    async () => {
      const id = await createJob({ reminder_thresholds: [0], concurrency_policy: 'allow' });
      await visitAs(browser(), 'operator', `#/jobs/${id}`, async (page) => {
        await actions(page).getByRole('button', { name: 'Run now' }).click();
        // Twice before the page can draw itself anew.
        const twice = `for (const _ of [1, 2]) document.querySelector('dialog button[type=submit]').click()`;
        await page.evaluate(twice);
        await page.waitForURL(/\/runs\/run-/);
        await page.getByRole('main').getByText('success', { exact: true }).first().waitFor();
        expect((await call('GET', `/${id}/runs`)).body.data).toHaveLength(1);
        const first = page.url();
        await actions(page).getByRole('button', { name: 'Dry run' }).dblclick();
        await page.waitForURL((url) => url.href !== first && url.href.includes('/runs/run-'));
        const [run] = (await call('GET', `/${id}/runs`)).body.data as { run_id: string; dry_run: boolean }[];
        expect(page.url()).toContain(`/runs/${run?.run_id}`);
        expect(run?.dry_run).toBe(true);
      });
    },
    SLOWLY_MS,
  );

  it(
    'let reminders through that the brake has stopped, once',
    async () => {
      const id = await createJob({ reminder_thresholds: [7], max_reminders: 2 });
      await visitAs(browser(), 'operator', `#/jobs/${id}`, async (page) => {
        await actions(page).getByRole('button', { name: 'Run now' }).click();
        await dialog(page).getByRole('button', { name: 'Run now' }).click();
        await page.getByRole('button', { name: 'Let 3 reminders through' }).click();
        expect(await dialog(page).innerText()).toContain('2 are allowed. It has asked for none.');
        await expectAccessible(page);
        await dialog(page).getByRole('button', { name: 'Run, with up to 3 reminders' }).click();
        await page.getByRole('main').getByText('success', { exact: true }).first().waitFor();
        const { body } = await call('GET', `/${id}/runs`);
        expect(body.data).toMatchObject([
          { status: 'success', result: { reminders_sent: 3 } },
          { status: 'failed', error: { code: 'too_many_reminders', reminders: 3, limit: 2 } },
        ]);
      });
    },
    SLOWLY_MS,
  );

  it(
    'delete a job and restore it, each for a reason, and nothing of one that is shown as it was',
    async () => {
      const id = await createJob();
      await visitAs(browser(), 'writer', `#/jobs/${id}`, async (page) => {
        await actions(page).getByRole('button', { name: 'Delete' }).click();
        await dialog(page).getByLabel('Reason').fill('not needed');
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await page.getByText('This job was deleted').waitFor();
        // The button that had the focus is gone.
        await eventually('the focus is at what can be done now', () => actions(page).evaluate(isFocused));
        expect(await actions(page).getByRole('button').allInnerTexts()).toEqual(['Restore']);
        await actions(page).getByRole('button', { name: 'Restore' }).click();
        await dialog(page).getByLabel('Reason').fill('needed after all');
        await dialog(page).getByRole('button', { name: 'Restore' }).click();
        await actions(page).getByRole('button', { name: 'Delete' }).waitFor();
        await eventually('the focus is there again', () => actions(page).evaluate(isFocused));
        const { body } = await call('GET', `/${id}/events`);
        const reasons = (body.data as { type: string; reason: string | null }[]).map(
          ({ type, reason }) => `${type}: ${reason}`,
        );
        expect(reasons).toEqual(
          expect.arrayContaining(['CronJobDeleted: not needed', 'CronJobRestored: needed after all']),
        );
        await page.goto(`${service.address}/#/jobs/${id}?as_of=1`);
        await page.getByText('As it was in version 1').waitFor();
        expect(await actions(page).count()).toBe(0);
      });
    },
    SLOWLY_MS,
  );
});
