import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { StoreError } from '../../src/ports/store-error.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { asKey, keyedIn, signIn } from './keyed-service.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const KEYS = { reader: ['read'], nurse: ['people'], operator: ['admin', 'people'] } as const;
const HOSTILE = '<b onclick=alert(1)>nightly</b>';
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

let service: RunningApp;
let id: string;
let isRegistryDown = false;
let isStopped = false;

async function openRegistry(): Promise<CertificationRegistry> {
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const records = ['c1', 'c2'].map((certification_id) => ({
    certification_id,
    mentor_id: `m-${certification_id}`,
    expires_at: TOMORROW,
    type: null,
    labels: [],
    status: 'active' as const,
    renewable_from: null,
  }));
  await registry.upsert(records, 'test');
  return {
    ...registry,
    async *pages() {
      if (isRegistryDown) throw new StoreError('store_unavailable', 'it is down');
      yield* registry.pages();
    },
  };
}

beforeAll(async () => {
  service = await startApp(keyedIn(temporaryFolder(), KEYS), { registry: await openRegistry() });
  const job = { name: HOSTILE, cron_expression: '0 2 1 1 *', max_reminders: 1 };
  const created = await service.call('POST', '', job, asKey('operator'));
  id = String(created.body.id);
});
afterAll(async () => {
  if (!isStopped) await service.app.stop();
});

/** What the browser writes of answers that are errors: there is no credential at first, and the service goes. */
const ERRORS =
  /Failed to load resource: (the server responded with a status of (401|503)|net::ERR_CONNECTION)/;

describeWithChromium('the system', (browser) => {
  const visitAs = (name: keyof typeof KEYS, act: (page: Page) => Promise<void>): Promise<unknown> =>
    visit(
      browser(),
      `${service.address}/#/system`,
      async (page) => {
        await signIn(page, name);
        await page.getByRole('heading', { name: 'This instance', exact: true }).waitFor();
        await act(page);
      },
      { expected: ERRORS },
    );
  /** What the polls of the page would do within 5 s. */
  const lookNow = (page: Page): Promise<void> =>
    page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  it(
    'is shown as it is to whoever may read, and counts a run that fails',
    () =>
      visitAs('reader', async (page) => {
        await page.getByText('None: every job is as it should be.').waitFor();
        const { instance } = service.app.adapters;
        expect(await card(page, 'Leader').innerText()).toContain(`${instance}, the one that answers`);
        const ready = await card(page, 'This instance').innerText();
        expect(ready.match(/ok sqlite/g)).toHaveLength(3);
        expect(ready).toContain('ready as leader');
        const numbers = card(page, 'Measured by this instance');
        await numbers.getByText('2 active').waitFor();
        expect(await numbers.innerText()).toContain(process.versions.node);
        expect(await numbers.getByRole('link').allInnerTexts()).toEqual(['0']);
        await page.getByText('No slot has started a run yet.').waitFor();
        await page.getByText('Live', { exact: true }).waitFor();

        await service.call('POST', `/${id}/execute`, undefined, asKey('operator'));
        await page.getByRole('link', { name: '1 last run failed' }).waitFor();
        const failed = card(page, 'Newest failed runs').getByRole('row', { name: HOSTILE });
        expect(await failed.innerText()).toContain('too many reminders');
        const event = card(page, 'Newest events').getByRole('row', { name: 'Asked for run 1' });
        expect(await event.innerText()).toContain('key:operator');
        expect(await event.getByRole('link', { name: HOSTILE }).getAttribute('href')).toBe(
          `#/jobs/${id}/history`,
        );
        await expectAccessible(page);
        await page.getByRole('link', { name: '1 last run failed' }).click();
        expect(new URL(page.url()).hash).toBe('#/jobs?last_run_status=failed');
        await page.getByText('1 of 1 jobs').waitFor();
        await page.goBack();
        await failed.getByRole('link').last().click();
        expect(new URL(page.url()).hash).toMatch(new RegExp(`^#/jobs/${id}/runs/run-`));
      }),
    SLOWLY_MS,
  );

  it(
    'shows its own state to whoever may not read, and says what the rest needs',
    () =>
      visitAs('nurse', async (page) => {
        await page.getByText('ready as leader').waitFor();
        await page.getByText('The rest needs the scope read').waitFor();
        expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['This instance']);
        expect(await page.getByRole('alert').count()).toBe(0);
      }),
    SLOWLY_MS,
  );

  it(
    'says what is down, that the service starts, and that it does not answer',
    () =>
      visitAs('operator', async (page) => {
        const people = card(page, 'Measured by this instance').getByRole('link', { name: '2', exact: true });
        expect(await people.getAttribute('href')).toBe('#/expiring?status=active');
        isRegistryDown = true;
        await lookNow(page);
        await page.getByText('Certifications: down.').waitFor();
        expect(await card(page, 'This instance').innerText()).toContain('degraded sqlite');
        await expectAccessible(page);
        isRegistryDown = false;
        await lookNow(page);
        await page.getByText('Certifications: down.').waitFor({ state: 'detached' });

        const readiness = await (await fetch(`${service.address}/readyz`)).json();
        const starting = { ...(readiness as object), status: 'starting' };
        await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: starting }));
        await lookNow(page);
        await page.getByText('The service is starting').waitFor();
        await page.unroute('**/readyz');

        isStopped = true;
        await service.app.stop();
        await lookNow(page);
        const notices = page.getByText('The service cannot be reached');
        await notices.first().waitFor();
        expect(await page.getByText('What is shown here is older.').count()).toBeGreaterThan(0);
        // What was there last; the very last that it has said may be that it stops.
        expect(await card(page, 'Leader').innerText()).toContain(service.app.adapters.instance);
      }),
    SLOWLY_MS,
  );
});
