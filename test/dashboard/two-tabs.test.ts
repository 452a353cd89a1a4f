import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { describeWithChromium } from '../servers/with-chromium.js';
import { record } from '../service/people-service.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { asKey, keyedIn, signIn } from './keyed-service.js';
import { SLOWLY_MS, SOON_MS, visit } from './visit.js';

const KEYS = { alice: ['read', 'write', 'operate'], bob: ['read', 'write', 'operate'] } as const;
const HOSTILE = '<img src=x onerror=alert(1)>';
/** What the browser says of requests without a credential or a network, and while read models are behind. */
const REFUSED = /status of (401|503)|ERR_INTERNET_DISCONNECTED/;
const SOON = { timeout: SOON_MS };
let service: RunningApp;

beforeAll(async () => {
  service = await startApp(keyedIn(temporaryFolder(), KEYS));
  await service.app.adapters.registry.upsert(
    ['c1', 'c2', 'c3'].map((id) => record(id, 5)),
    'test',
  );
});
afterAll(() => service.app.stop());

const button = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const main = (page: Page) => page.getByRole('main');

describeWithChromium('two tabs of one browser', (browser) => {
  it(
    'show each other’s work as it happens: created, stopped by the brake, confirmed, disabled, reverted',
    () =>
      visit(
        browser(),
        `${service.address}/#/jobs/new`,
        async (alice) => {
          await signIn(alice, 'alice');
          const bob = await alice.context().newPage();
          await bob.goto(`${service.address}/#/jobs`);
          // Each tab has a credential of its own.
          await signIn(bob, 'bob');
          await bob.getByText('Live', { exact: true }).waitFor();

          await alice.bringToFront();
          await alice.getByLabel('Name', { exact: true }).fill(HOSTILE);
          await alice.getByLabel('Schedule', { exact: true }).fill('0 2 * * *');
          await alice.getByText('At 02:00').waitFor();
          await alice.getByLabel('Reminder thresholds').fill('7');
          await alice.getByLabel('Limit of reminders').fill('2');
          await button(alice, 'Create the job').click();
          await alice.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor();
          await bob.bringToFront();
          await bob.getByRole('link', { name: HOSTILE }).click(SOON);
          const id = /jobs\/([^/?]+)/.exec(bob.url())?.[1];
          await button(bob, 'Disable').waitFor();

          await alice.bringToFront();
          await button(alice, 'Run now').click();
          await button(dialog(alice), 'Run now').click();
          await button(alice, /^Let 3 reminders through/).waitFor();
          await main(bob).getByRole('row', { name: 'failed' }).waitFor(SOON);
          await bob.goto(alice.url());
          await bob.bringToFront();
          await button(bob, /^Let 3 reminders through/).click();
          await button(dialog(bob), 'Run, with up to 3 reminders').click();
          await bob.getByText('success', { exact: true }).first().waitFor();
          await alice.bringToFront();
          await alice
            .getByRole('navigation', { name: 'Of this job' })
            .getByRole('link', { name: 'Runs' })
            .click();
          await alice.getByRole('row', { name: 'success' }).waitFor();

          await bob.bringToFront();
          await bob
            .getByRole('navigation', { name: 'Of this job' })
            .getByRole('link', { name: 'History' })
            .click();
          await bob.getByText('by key:alice').first().waitFor();
          await alice.bringToFront();
          await button(alice, 'Disable').click();
          await dialog(alice).getByLabel('Reason').fill('the registry moves');
          await button(dialog(alice), 'Disable').click();
          await button(alice, 'Enable').waitFor();
          await bob.getByText('because: the registry moves').waitFor();
          await button(bob, 'Enable').waitFor();
          await bob.bringToFront();
          await button(bob, 'Revert to this version 1').click();
          await dialog(bob).getByLabel('Reason').fill('it has moved');
          await button(dialog(bob), 'Revert').click();
          await button(alice, 'Disable').waitFor();
          const { body } = await service.call('GET', `/${id}/events`, undefined, asKey('alice'));
          expect(body.data).toContainEqual(
            expect.objectContaining({ actor: 'key:bob', reason: 'it has moved', type: 'CronJobUpdated' }),
          );

          await alice.bringToFront();
          await button(alice, 'Sign out').click();
          await alice.getByLabel('API key or token').waitFor();
          await bob.bringToFront();
          await bob.reload();
          await bob.getByText('key:bob').first().waitFor();
          await bob.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor();
        },
        { expected: REFUSED },
      ),
    SLOWLY_MS,
  );

  it(
    'ask for nothing while they are hidden, and have what they missed when they are seen',
    () =>
      visit(
        browser(),
        `${service.address}/#/jobs`,
        async (page) => {
          await signIn(page, 'alice');
          await page.clock.install();
          await page.reload();
          await page.getByText('Live', { exact: true }).waitFor();
          await page.context().setOffline(true);
          await page.goto(`${service.address}/#/jobs?name=miss`);
          await page.getByRole('alert').getByText('The service cannot be reached').waitFor();
          await page.evaluate(hide, true);
          await page.getByText('Not live', { exact: true }).waitFor();
          const job = { name: 'missed', cron_expression: '0 3 * * *' };
          expect((await service.call('POST', '', job, asKey('bob'))).status).toBe(201);
          const asked: string[] = [];
          page.on('request', (request) => asked.push(request.url()));
          await page.clock.runFor(600_000);
          expect(asked).toEqual([]);
          await page.context().setOffline(false);
          await page.evaluate(hide, false);
          await page.getByRole('link', { name: 'missed' }).waitFor(SOON);
          await eventually('the page is live again', () =>
            page.getByText('Live', { exact: true }).isVisible(),
          );
        },
        { expected: REFUSED },
      ),
    SLOWLY_MS,
  );
});

/** What a browser does when the viewer goes to another tab; for `evaluate`, so it runs in the page. */
function hide(isHidden: boolean): void {
  const { document, Event } = globalThis as unknown as {
    document: EventTarget;
    Event: typeof globalThis.Event;
  };
  Object.defineProperty(document, 'visibilityState', {
    value: isHidden ? 'hidden' : 'visible',
    configurable: true,
  });
  document.dispatchEvent(new Event('visibilitychange'));
}
