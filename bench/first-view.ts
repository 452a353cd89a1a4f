/**
 * The first view of the dashboard, in a browser that has nothing of it yet: from the address to the page of jobs with their
 * newest runs, of a service with few jobs and of one with many.
 * npm run build && npx tsx bench/first-view.ts [--jobs 10000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { makeLargeStore } from '../test/service/large-store.js';
import { startService } from '../test/e2e/service-process.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';

const ROUNDS = 9;
const FEW = 100;

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '10000' } } });

interface FirstView {
  jobs: number;
  /** Milliseconds, sorted. */
  rows: number[];
  everything: number[];
  kilobytes: number;
}

async function measure(browser: Browser, jobs: number): Promise<FirstView> {
  const folder = mkdtempSync(join(tmpdir(), 'first-view-'));
  try {
    await makeLargeStore(folder, { jobs, events: 2_000 });
    const service = await startService({ DATA_DIR: folder });
    const views: FirstView = { jobs, rows: [], everything: [], kilobytes: 0 };
    // The first one also reads the files of the page; what comes then is as for everybody after the first viewer.
    for (let round = 0; round <= ROUNDS; round++) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const began = performance.now();
      await page.goto(service.address, { waitUntil: 'commit' });
      await page.locator('tbody tr').nth(19).waitFor();
      const rows = performance.now() - began;
      await page.getByText('…', { exact: true }).first().waitFor({ state: 'detached' });
      if (round > 0) {
        views.rows.push(rows);
        views.everything.push(performance.now() - began);
      }
      views.kilobytes =
        (await page.evaluate<number>(
          `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
            .filter(({ name }) => !name.includes('/api/'))
            .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
        )) / 1_000;
      await context.close();
    }
    await service.end('SIGTERM');
    return views;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
});
const measured = [await measure(browser, FEW), await measure(browser, Number(values.jobs))];
await browser.close();

process.stdout.write(
  `${describeMachine()}\nmedian of ${ROUNDS} first views\n\n` +
    alignedTable(
      [
        ['jobs', 'rows shown', 'all shown', 'page, compressed'],
        ...measured.map(({ jobs, rows, everything, kilobytes }) => [
          wholeNumber(jobs),
          `${wholeNumber(median(rows))} ms`,
          `${wholeNumber(median(everything))} ms`,
          `${wholeNumber(kilobytes)} kB`,
        ]),
      ],
      1,
    ),
);
