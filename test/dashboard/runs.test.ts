import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { dayIn, record } from '../service/people-service.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { asKey, keyedIn, signIn } from './keyed-service.js';
import { expectAccessible, SLOWLY_MS, SOON_MS, visit } from './visit.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const KEYS = { operator: ['read', 'operate', 'write', 'people'], reader: ['read'] } as const;
/** The first answer to a page that asks for a credential; Chromium writes it to its console. */
const EXPECTED = { expected: /401 \(Unauthorized\)/ };
const DUE = ['first', 'second', 'third'].map((id) => record(id, 7));

let service: RunningApp;
/** While it is closed, checks wait for the registry: their runs stay open. */
let gate: Gate;
let id: string;
/** The run that asked for three reminders. */
let reminding: string;

beforeAll(async () => {
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const gated: CertificationRegistry = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  gate = createGate();
  gate.open();
  service = await startApp(keyedIn(temporaryFolder(), KEYS), { registry: gated });
  await registry.upsert([...DUE, record('far', 400), record('left', 5, { status: 'withdrawn' })], 'test');
  const job = { name: HOSTILE, cron_expression: '0 0 1 1 *', concurrency_policy: 'allow' };
  id = (await call('POST', '', job)).body.id as string;
  reminding = await execute({ reason: `after ${HOSTILE}` });
  for (let times = 0; times < 3; times++) await execute({ dry_run: true });
  await Promise.all(Array.from({ length: 20 }, () => execute({})));
});
afterAll(async () => {
  gate.open();
  await service.app.stop();
});

const call = (method: string, path: string, body?: object): Promise<Answer> =>
  service.call(method, path, body, asKey('operator'));

/** @returns the id of the run, which has ended unless it is told not to wait for that */
async function execute(body: object, wait = 20): Promise<string> {
  return (await call('POST', `/${id}/execute?wait=${wait}`, body)).body.run_id as string;
}

describeWithChromium('the runs of a job', (browser) => {
  const at = (place: string, who: keyof typeof KEYS, act: (page: Page) => Promise<void>): Promise<unknown> =>
    visit(
      browser(),
      `${service.address}/#/jobs/${id}${place}`,
      async (page) => {
        await signIn(page, who);
        await act(page);
      },
      EXPECTED,
    );

  it(
    'are a list with filters and pages in the address, below a trend whose bars lead to their runs',
    () =>
      at('', 'operator', async (page) => {
        await page.getByText('24 runs, newest first').waitFor();
        await page.getByRole('img', { name: /^Duration of the newest 24 runs/ }).waitFor();
        await expectAccessible(page);
        await followsItsPage(page);
        await page.getByRole('link', { name: 'Reminders', exact: true }).click();
        await page.getByText(/^Median 0, most 3.*, of 21 real runs\.$/).waitFor();
        await page.getByLabel('Dry runs').selectOption('only those');
        await page.getByText('3 runs, newest first').waitFor();
        expect(new URL(page.url()).hash).toBe(`#/jobs/${id}?trend=reminders&dry_run=true`);
        await page.getByText(/of 3 dry runs\.$/).waitFor();
        await page.getByLabel('From').fill(dayIn(2));
        await page.getByText('No run fits these filters.').waitFor();
        expect(page.url()).toContain(`from=${dayIn(2)}T00%3A00%3A00Z`);
        await page.getByRole('link', { name: 'Clear filters' }).click();
        await page.getByRole('link', { name: 'Next page' }).click();
        const row = page.getByRole('row', { name: HOSTILE });
        expect(await row.innerText()).toContain(`By hand: after ${HOSTILE}`);
        // The oldest bar, which is the leftmost one.
        await page
          .getByRole('img', { name: /^Reminders of the newest 24 runs/ })
          .locator('.u-over')
          .click({ position: { x: 8, y: 60 } });
        await page.waitForURL((url) => url.hash === `#/jobs/${id}/runs/${reminding}`);
        await page.getByRole('listitem').filter({ hasText: '1 withdrawn' }).waitFor();
        await page.getByRole('listitem').filter({ hasText: '1 not due' }).waitFor();
        const who = page.getByRole('link', { name: '3 reminded: who' });
        expect(await who.getAttribute('href')).toBe(`#/expiring/reminded?job=${id}&run=${reminding}`);
        await page.getByText('30, 14, 7, 1 days before the expiry, on the day').waitFor();
        await expectAccessible(page);
      }),
    SLOWLY_MS,
  );

  /** The chart is drawn anew for dark and light, and is as wide as there is room. */
  async function followsItsPage(page: Page): Promise<void> {
    const drawn = (): Promise<string> =>
      page.evaluate(`document.querySelector('.trend-chart canvas').toDataURL()`);
    const light = await drawn();
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually('it is drawn in other colours', async () => (await drawn()) !== light);
    await page.emulateMedia({ colorScheme: 'light' });
    await eventually('it is as it was', async () => (await drawn()) === light);
    await page.setViewportSize({ width: 390, height: 844 });
    const width = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth');
    await eventually('nothing is wider than the phone', async () => (await width()) === 390);
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  it(
    'appear within a second when they start elsewhere, can be cancelled, and end before the eyes of the viewer',
    () =>
      at('', 'operator', async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByText(/\d+ runs, newest first/).waitFor();
        gate = createGate();
        const [wrong, right] = [await execute({ reason: 'wrong' }, 0), await execute({ reason: 'right' }, 0)];
        await page.getByRole('row', { name: 'right' }).getByText('running').waitFor({ timeout: SOON_MS });
        await page.getByRole('row', { name: 'wrong' }).getByRole('rowheader').getByRole('link').click();
        await page.waitForURL((url) => url.hash === `#/jobs/${id}/runs/${wrong}`);
        await page.getByRole('button', { name: 'Cancel this run' }).click();
        await page.getByRole('textbox', { name: 'Reason' }).fill(`a wrong import ${HOSTILE}`);
        await expectAccessible(page);
        await page.getByRole('button', { name: 'End it as failed' }).click();
        await page.getByRole('status').getByText('failed').waitFor();
        await page.getByText(`a wrong import ${HOSTILE}`).waitFor();
        await page.goto(`${service.address}/#/jobs/${id}/runs/${right}`);
        await page.getByText('not yet: it is running').waitFor();
        gate.open();
        await page.getByRole('status').getByText('success').waitFor();
        await page.getByRole('listitem').filter({ hasText: '3 have had this reminder' }).waitFor();
        expect(await page.getByRole('button', { name: 'Cancel this run' }).count()).toBe(0);
      }),
    SLOWLY_MS,
  );

  it(
    'say why they have failed; one that the brake has stopped is let through once that is confirmed',
    async () => {
      const text = `the disk of ${HOSTILE} is gone`;
      gate = createGate();
      gate.fail(new Error(text));
      const failed = await execute({});
      gate = createGate();
      gate.open();
      await service.app.adapters.registry.upsert([record('fourth', 7), record('fifth', 7)], 'test');
      await call('PUT', `/${id}`, { max_reminders: 1 });
      const stopped = await execute({});
      await at(`/runs/${failed}`, 'operator', async (page) => {
        await page.getByText('check failed: The check failed.').waitFor();
        await page.getByText(text).waitFor();
        await page.goto(`${service.address}/#/jobs/${id}/runs/${stopped}`);
        await page.getByText('2 reminders would be asked for and 1 are allowed').waitFor();
        await page.getByRole('link', { name: 'See whom a run would remind now' }).waitFor();
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Let 2 reminders through' }).click();
        await page.getByRole('button', { name: 'Run, with up to 2 reminders' }).click();
        await page.getByRole('link', { name: '2 reminded: who' }).waitFor();
        await page.getByText('at most 2, confirmed for this run alone').waitFor();
      });
    },
    SLOWLY_MS,
  );

  it(
    'are read by whoever may do no more, without what they may not do',
    async () => {
      gate = createGate();
      const open = await execute({}, 0);
      await at(`/runs/${open}`, 'reader', async (page) => {
        await page.getByText('not yet: it is running').waitFor();
        expect(await page.getByRole('button', { name: 'Cancel this run' }).count()).toBe(0);
        gate.open();
        await page.getByRole('status').getByText('success').waitFor();
        await page.getByRole('link', { name: 'All runs of this job' }).click();
        await page.getByRole('link', { name: 'Next page' }).click();
        const row = page.getByRole('row', { name: HOSTILE });
        await row.getByText('3', { exact: true }).waitFor();
        expect(await row.getByRole('link', { name: 'reminded' }).count()).toBe(0);
      });
    },
    SLOWLY_MS,
  );
});
