/**
 * `npm run screenshots`: the pictures of the README, and with `-- --all FOLDER` each view, light and dark, wide and phone.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startSampleWorld, type SampleWorld } from './sample-world.js';

interface Look {
  colorScheme: 'light' | 'dark';
  width: number;
  height: number;
}

const IMAGES = 'docs/images';
const WIDE: Look = { colorScheme: 'light', width: 1280, height: 800 };
const LOOKS: Readonly<Record<string, Look>> = {
  'wide-light': WIDE,
  'wide-dark': { ...WIDE, colorScheme: 'dark' },
  'phone-light': { colorScheme: 'light', width: 390, height: 844 },
  'phone-dark': { colorScheme: 'dark', width: 390, height: 844 },
};

interface View {
  hash: string;
  /** What is done there before the picture is taken. */
  act?: (page: Page) => Promise<void>;
  /** Nobody has signed in. */
  isStranger?: true;
}

/** By the names of their pictures. */
async function viewsOf({ jobs, service, key }: SampleWorld): Promise<Record<string, View>> {
  const of = (name: string): string => `#/jobs/${jobs.get(name)}`;
  const [nightly, hourly] = [of('nightly_expiry_check'), of('safeguarding_hourly')];
  const newest = async (query: string): Promise<{ cron_id: string; run_id: string }> => {
    const { body } = await service.call('GET', `/runs?limit=1&${query}`, undefined, {
      authorization: `Bearer ${key}`,
    });
    return (body.data as { cron_id: string; run_id: string }[])[0] ?? { cron_id: '', run_id: '' };
  };
  const [run, stopped] = [await newest('status=success&dry_run=false'), await newest('status=failed')];
  const hashes = {
    jobs: '#/jobs',
    new: '#/jobs/new',
    edit: `${nightly}/edit`,
    runs: `${hourly}/runs`,
    run: `#/jobs/${run.cron_id}/runs/${run.run_id}`,
    brake: `#/jobs/${stopped.cron_id}/runs/${stopped.run_id}`,
    slots: `${hourly}/slots?from=2026-03-10T17:00:00Z&to=2026-03-11T03:00:00Z`,
    history: `${nightly}/history`,
    compare: `${nightly}/history?from=1`,
    'as-of': `${nightly}?as_of=1`,
    disabled: `${of('pilot_region_north')}/history`,
    deleted: of('legacy_monthly_report'),
    records: '#/expiring',
    certification: '#/expiring/certification/cert-0010',
    forecast: '#/expiring/forecast',
    reminded: '#/expiring/reminded',
    'reminders-of-run': `#/expiring/reminded?job=${run.cron_id}&run=${run.run_id}`,
    system: '#/system',
    nothing: '#/nothing',
  };
  return {
    ...Object.fromEntries(Object.entries(hashes).map(([name, hash]) => [name, { hash }])),
    dialog: { hash: nightly, act: (page) => page.getByRole('button', { name: 'Disable' }).click() },
    'sign-in': { hash: '#/jobs', isStranger: true },
  };
}

const OF_README: readonly (readonly [view: string, look: Look])[] = [
  ['jobs', WIDE],
  ['slots', { ...WIDE, colorScheme: 'dark' }],
  ['forecast', WIDE],
];

const { values } = parseArgs({ options: { all: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
const world = await startSampleWorld(folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  const views = await viewsOf(world);
  const wanted =
    values.all === undefined
      ? OF_README.map(([view, look]) => ({ view, look, file: join(IMAGES, `${view}.png`) }))
      : Object.keys(views).flatMap((view) =>
          Object.entries(LOOKS).map(([name, look]) => ({
            view,
            look,
            file: join(values.all ?? '', `${view}-${name}.png`),
          })),
        );
  mkdirSync(values.all ?? IMAGES, { recursive: true });
  for (const { view, look, file } of wanted) {
    const shown = views[view];
    if (shown === undefined) throw new Error(`there is no view ${view}`);
    await take(browser, shown, look, file);
    process.stdout.write(`${file}\n`);
  }
} finally {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The clock of the browser is that of the world, so that what is told by the distance is right. */
async function take(browser: Browser, view: View, look: Look, file: string): Promise<void> {
  const { colorScheme, width, height } = look;
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height },
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  await page.clock.install({ time: world.clock.now() });
  if (!view.isStranger)
    await page.addInitScript(
      `sessionStorage.setItem('certification-cron.credential', ${JSON.stringify(world.key)})`,
    );
  await page.goto(`${world.service.address}/${view.hash}`);
  if (view.isStranger) await page.getByLabel('API key or token').waitFor();
  else await page.getByText('Live', { exact: true }).waitFor();
  await page.locator('[aria-busy=true], :text-is("…")').first().waitFor({ state: 'detached' });
  await view.act?.(page);
  await page.screenshot({ path: file, fullPage: values.all !== undefined });
  await context.close();
}
