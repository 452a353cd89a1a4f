import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { jobStream } from '../../src/events/stream-names.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { describeWithChromium } from '../servers/with-chromium.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';
import { asKey, keyedIn, signIn } from './keyed-service.js';
import { expectAccessible, SLOWLY_MS, visit } from './visit.js';

const KEYS = {
  alice: ['read', 'write', 'operate'],
  bob: ['read', 'write'],
  reader: ['read'],
} as const;
type Who = keyof typeof KEYS;

const HOSTILE = '<img src=x onerror=alert(1)>';
const WHY = `registry moves ${HOSTILE}`;
let service: RunningApp;
let clock: VirtualClock;
let log: EventLog;
let job: string;
let gap: string;

const as = (who: Who, method: string, path: string, body?: unknown) =>
  service.call(method, path, body, asKey(who));

/** Two hourly jobs whose service is down from 05:15 to 08:30. One is disabled then; the log of the other has lost slots. */
beforeAll(async () => {
  clock = createVirtualClock('2026-03-08T03:30:00.000Z');
  log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  service = await startApp({ ...keyedIn(temporaryFolder(), KEYS), LEASE_MS: '600000' }, { clock, log });
  const hourly = { cron_expression: '0 * * * *', time_zone: 'America/New_York', labels: ['eu', 'prod'] };
  job = (await as('alice', 'POST', '', { ...hourly, name: `hourly ${HOSTILE}` })).body.id as string;
  gap = (await as('alice', 'POST', '', { ...hourly, name: 'gap' })).body.id as string;
  await clock.advanceTo('2026-03-08T05:15:00.000Z');
  await as('bob', 'PUT', `/${job}`, { labels: ['eu', 'night'], timeout_seconds: 5_400 });
  clock.skipTo('2026-03-08T08:30:00.000Z');
  await loseSlots();
  await clock.advance(60_000);
  expect((await as('bob', 'PUT', `/${job}`, { enabled: false, reason: WHY })).status).toBe(200);
}, SLOWLY_MS);
afterAll(() => service.app.stop());

/** As no sound log has it: 08:00 is settled, while 06:00 and 07:00 before it never were. */
async function loseSlots(): Promise<void> {
  const stream = jobStream(gap);
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  const [first] = await log.readStream(stream, { direction: 'forwards', from: 1, limit: 1 });
  if (last === undefined || first === undefined) throw new Error('the job has no events');
  const eight = '2026-03-08T08:00:00.000Z';
  const data = {
    cron_id: gap,
    from: eight,
    to: eight,
    count: 1,
    after: '2026-03-08T07:00:00.000Z',
    reason: 'overlap',
    skipped_at: '2026-03-08T08:30:00.000Z',
  };
  const metadata = { ...first.metadata, actor: 'scheduler', term: 1, schema_version: 1 };
  const events = [{ id: randomUUID(), type: 'RunSkipped', data, metadata }];
  const [outcome] = await log.append([{ stream, expectedVersion: last.version, events }]);
  expect(outcome?.kind).toBe('appended');
}

const entry = (page: Page, sentence: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: sentence, exact: true }) });

/** The browser tells of refused requests: of the one before the sign-in, and of those that a test provokes. */
const REFUSED = /status of (401|412)/;

describeWithChromium('the history of a job', (browser) => {
  it(
    'says in two clicks who has disabled it and why, compares its versions, and takes one up again',
    () =>
      visit(
        browser(),
        service.address,
        async (page) => {
          await signIn(page, 'alice');
          await page.getByRole('link', { name: 'hourly' }).click();
          await page.getByRole('link', { name: 'History', exact: true }).click();
          const disabled = entry(page, 'Disabled');
          expect(await disabled.innerText()).toContain(`by key:bob, because: ${WHY}`);
          expect(await disabled.locator('time').first().innerText()).toMatch(/03:31|04:31/);
          const changed = await entry(page, 'Changed timeout of runs and labels').innerText();
          expect(changed).toContain('added night; removed prod');
          await expectAccessible(page);

          await page.getByRole('link', { name: 'Compare version 1 with today' }).click();
          const comparison = page.getByRole('region', { name: 'Comparison' });
          await comparison.getByRole('row', { name: 'enabled yes no' }).waitFor();
          const { version } = await newest('CronJobUpdated', 'labels');
          await page.getByRole('link', { name: `with this one version ${version}` }).click();
          await comparison.getByRole('heading', { name: `Version 1 and ${version}` }).waitFor();
          expect(new URL(page.url()).hash).toContain(`from=1&to=${version}`);
          expect(await comparison.getByRole('row', { name: 'enabled' }).count()).toBe(0);

          await page.getByRole('link', { name: 'As it was then version 1', exact: true }).click();
          await page.getByText('As it was in version 1,').waitFor();
          // The runs below would be those of today.
          expect(await page.getByRole('search').count()).toBe(0);
          await page.goBack();
          await revertTo(page, 1, `a <mistake>`);
          const reverted = entry(page, 'Reverted to version 1');
          await reverted.waitFor();
          expect(await reverted.innerText()).toContain('by key:alice, because: a <mistake>');
          const { body } = await as('reader', 'GET', `/${job}`);
          expect(body).toMatchObject({ enabled: true, labels: ['eu', 'prod'], timeout_seconds: 3_600 });

          await clock.advance(1_000);
          await page.getByRole('heading', { level: 1 }).getByText('active').waitFor();
          await revertTo(page, version, 'too late', () => as('bob', 'PUT', `/${job}`, { labels: ['new'] }));
          await page.getByText('Somebody else has changed it meanwhile').waitFor();
          await page.getByText('Nothing was reverted.').waitFor();
          await expectAccessible(page);
          expect(await page.getByRole('button', { name: 'Revert', exact: true }).isDisabled()).toBe(true);
          await page.keyboard.press('Escape');
          // The stream of events waits by the clock.
          await clock.advance(1_000);
          await entry(page, 'Changed labels').waitFor();
        },
        { expected: REFUSED, timezoneId: 'Europe/London' },
      ),
    SLOWLY_MS,
  );

  it(
    'shows everything on request, a job as of any time, and a reader no way to revert it',
    () =>
      visit(
        browser(),
        `${service.address}/#/jobs/${job}/history`,
        async (page) => {
          await signIn(page, 'reader');
          await entry(page, 'Created').waitFor();
          expect(await page.getByText('Revert to this').count()).toBe(0);
          expect(await page.getByText('Started run 1').count()).toBe(0);
          await page.getByRole('link', { name: 'Show all events' }).click();
          const run = entry(page, 'Started run 1 for the slot 2026-03-07 23:00');
          await run.getByText('Details of the event').click();
          await run.getByText('"trigger": "schedule"').waitFor();
          await expectAccessible(page);
          await page.getByLabel('The job as it was at').fill('2026-03-08T05:00:01');
          await page.getByRole('button', { name: 'Show', exact: true }).click();
          await page.getByText(/As it was in version \d,/).waitFor();
          expect(new URL(page.url()).hash).toBe(`#/jobs/${job}?as_of=2026-03-08T05%3A00%3A01.000Z`);
        },
        { expected: REFUSED, timezoneId: 'Europe/London' },
      ),
    SLOWLY_MS,
  );

  it(
    'has what became of each slot, and tells of missing ones first',
    () =>
      visit(
        browser(),
        `${service.address}/#/jobs/${job}/slots?from=2026-03-08T03:00:00Z&to=2026-03-08T08:31:00Z`,
        async (page) => {
          await signIn(page, 'reader');
          const counts = page.getByRole('list', { name: 'Slots by outcome' });
          await counts.getByRole('link', { name: '2 started on time' }).waitFor();
          const late = page.getByRole('row', { name: '2026-03-08 04:00 GMT-4' });
          expect(await late.innerText()).toMatch(/started late 30 min .*after it was due/);
          await counts.getByRole('link', { name: '2 skipped' }).click();
          await page.getByRole('row', { name: '2026-03-08 04:00 GMT-4' }).waitFor({ state: 'detached' });
          const skipped = page.getByRole('row', { name: 'a newer slot was started instead' });
          expect(await skipped.count()).toBe(2);
          await expectAccessible(page);
          await page.getByRole('link', { name: 'Later' }).click();
          await page.getByRole('row', { name: /disabled since 2026-03-08 04:31/ }).waitFor();

          await page.goto(
            `${service.address}/#/jobs/${gap}/slots?from=2026-03-08T03:00:00Z&to=2026-03-08T12:00:00Z`,
          );
          await page.getByRole('alert').getByText('2 slots are missing').waitFor();
          expect(await page.getByRole('row', { name: 'owed, and never decided' }).count()).toBe(2);
          await counts.getByRole('link', { name: '2 started on time' }).waitFor();
          await page.getByText('Live', { exact: true }).waitFor();
          await clock.advanceTo('2026-03-08T09:00:01.000Z');
          await counts.getByRole('link', { name: '3 started on time' }).waitFor();
          await expectAccessible(page);
        },
        { expected: REFUSED, timezoneId: 'Europe/London' },
      ),
    SLOWLY_MS,
  );
});

async function newest(type: string, field: string): Promise<{ version: number }> {
  const { body } = await as('reader', 'GET', `/events?cron_id=${job}&type=${type}`);
  const events = body.data as { version: number; changes: { field: string }[] }[];
  const found = events.find(({ changes }) => changes.some((change) => change.field === field));
  if (found === undefined) throw new Error(`nobody has changed ${field}`);
  return found;
}

/** @param meanwhile what somebody else does while the dialog is open */
async function revertTo(
  page: Page,
  version: number,
  reason: string,
  meanwhile?: () => Promise<unknown>,
): Promise<void> {
  await page.getByRole('button', { name: `Revert to this version ${version}`, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Revert to version ${version}` });
  await dialog.getByRole('columnheader', { name: 'Will be' }).waitFor();
  await meanwhile?.();
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Revert', exact: true }).click();
}
