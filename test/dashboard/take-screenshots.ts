/**
 * `npm run screenshots`: the pictures of the README, and with `-- --all FOLDER` each view, light and dark, wide and phone.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
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

/** By the names of their pictures. */
function viewsOf({ jobs }: SampleWorld): Record<string, string> {
  const [nightly, hourly, pilot] = ['nightly_expiry_check', 'safeguarding_hourly', 'pilot_region_north'].map(
    (name) => `#/jobs/${jobs.get(name)}`,
  );
  return {
    jobs: '#/jobs',
    new: '#/jobs/new',
    edit: `${nightly}/edit`,
    runs: `${hourly}/runs`,
    slots: `${hourly}/slots`,
    history: `${nightly}/history`,
    disabled: `${pilot}/history`,
    records: '#/expiring',
    forecast: '#/expiring/forecast',
    reminded: '#/expiring/reminded',
    system: '#/system',
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
  const views = viewsOf(world);
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
    await take(browser, views[view] ?? '', look, file);
    process.stdout.write(`${file}\n`);
  }
} finally {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The clock of the browser is that of the world, so that what is told by the distance is right. */
async function take(browser: Browser, hash: string, look: Look, file: string): Promise<void> {
  const { colorScheme, width, height } = look;
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height },
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  await page.clock.install({ time: world.clock.now() });
  await page.addInitScript(
    `sessionStorage.setItem('certification-cron.credential', ${JSON.stringify(world.key)})`,
  );
  await page.goto(`${world.service.address}/${hash}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.locator('[aria-busy=true], :text-is("…")').first().waitFor({ state: 'detached' });
  await page.screenshot({ path: file, fullPage: values.all !== undefined });
  await context.close();
}
