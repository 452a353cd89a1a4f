import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { hashOf } from '../../src/access/api-keys.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock } from '../support/virtual-clock.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const clock = createVirtualClock('2026-11-28T09:00:00.000Z');
const KEYS = { of_today: `cck_${'t'.repeat(43)}`, of_later: `cck_${'l'.repeat(43)}` };
const EXPIRY = { of_today: '2026-11-28T10:00:00Z', of_later: null };
/** What the browser says of answers that refuse something, which is what is tested. */
const REFUSED = /status of (401|503)/;
let service: RunningApp;

beforeAll(async () => {
  const folder = temporaryFolder();
  const keys = (['of_today', 'of_later'] as const).map((name) => ({
    name,
    hash: `sha256:${hashOf(KEYS[name]).toString('hex')}`,
    scopes: ['admin'],
    expires_at: EXPIRY[name],
  }));
  const API_KEYS_FILE = join(folder, 'keys.json');
  writeFileSync(API_KEYS_FILE, JSON.stringify({ keys }), { mode: 0o600 });
  service = await startApp({ DATA_DIR: folder, API_KEYS_FILE }, { clock });
});
afterAll(() => service.app.stop());

describeWithChromium('signing in', (browser) => {
  it(
    'waits for a service that starts, and loses nothing that was entered when the credential expires',
    () =>
      visit(
        browser(),
        'about:blank',
        async (page) => {
          const starting = { status: 503, code: 'starting', detail: 'it reads its log' };
          await page.route('**/access', (route) => route.fulfill({ status: 503, json: starting }));
          await page.goto(`${service.address}/#/jobs/new`);
          await page.getByText('The service is starting: it reads its log').waitFor();
          await expectAccessible(page);
          await page.unroute('**/access');
          const credential = page.getByLabel('API key or token');
          await credential.waitFor();
          await expectAccessible(page);
          await credential.fill('wrong');
          await page.getByRole('button', { name: 'Sign in' }).click();
          await page.getByRole('button', { name: 'Sign in', disabled: false }).waitFor();
          await credential.fill(KEYS.of_today);
          await page.getByRole('button', { name: 'Sign in' }).click();

          await page.getByLabel('Name', { exact: true }).fill('entered before');
          await page.getByLabel('Schedule', { exact: true }).fill('0 2 * * *');
          await page.getByText('At 02:00').waitFor();
          clock.skipTo('2026-11-28T11:00:00.000Z');
          await page.getByRole('button', { name: 'Create the job' }).click();
          const dialog = page.getByRole('dialog', { name: 'Sign in again' });
          await dialog.waitFor();
          await expectAccessible(page);
          // Browsers close it at the second time.
          for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
          await credential.fill(KEYS.of_later);
          await page.keyboard.press('Enter');
          await dialog.waitFor({ state: 'detached' });
          expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('entered before');
          await page.getByRole('button', { name: 'Create the job' }).click();
          await page.getByRole('heading', { name: 'entered before', level: 1 }).waitFor();

          await page.getByRole('button', { name: 'Sign out' }).click();
          await credential.waitFor();
          expect(await page.getByText('entered before').count()).toBe(0);
          expect(await page.title()).toBe('Sign in · certification-cron');
        },
        { expected: REFUSED },
      ),
    SLOWLY_MS,
  );
});
