/**
 * Pages of lists of many jobs beside those of 100, by the same questions: over the store, and over HTTP.
 * npx tsx bench/finding.ts [--jobs 100000] [--runs 1000000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteReadStore } from '../src/adapters/sqlite/read-store.js';
import { systemClock } from '../src/adapters/system/clock.js';
import { systemIds } from '../src/adapters/system/ids.js';
import { loadConfig } from '../src/config/config.js';
import { BASE_PATH } from '../src/http/api.js';
import type { JobsAsked } from '../src/ports/job-list.js';
import type { JobDocument } from '../src/ports/read-models.js';
import type { ReadStore } from '../src/ports/read-store.js';
import { createApp } from '../src/service/app.js';
import { makeLargeStore } from '../test/service/large-store.js';
import { jobRow, runRow } from '../test/support/sample-documents.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';

const FEW = 100;
const ROUNDS = 15;
/** Requests before those that count. */
const WARMING = 300;
const LIMIT = 20;
const AT_ONCE = 2_000;
const NOW = '2026-03-27T12:00:00.000Z';
const at = (index: number): string =>
  new Date(Date.parse('2026-04-01T00:00:00Z') + index * 1_000).toISOString();

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '100000' }, runs: { type: 'string', default: '1000000' } },
});
const [many, runs] = [Number(values.jobs), Number(values.runs)];
const folder = mkdtempSync(join(tmpdir(), 'finding-'));

/** Of each hundred jobs the same are special, and of all of them twenty are rare. */
function jobAt(index: number, count: number): JobDocument {
  const shuffled = (index * 7_919) % count;
  const isRare = index % (count / 20) === 0;
  return jobRow(`cron-${String(shuffled).padStart(8, '0')}`, 1, {
    name: isRare ? `rare ${index}` : `nightly check ${shuffled}`,
    labels: isRare ? ['rare', 'all'] : ['all'],
    status: isRare ? 'schedule_error' : index % 10 === 0 ? 'disabled' : 'active',
    enabled: isRare || index % 10 > 0,
    last_run_status: isRare ? 'failed' : 'success',
    last_run_at: at(shuffled),
    next_run_at: isRare ? '2026-03-27T00:00:00.000Z' : at(index),
    has_warnings: isRare,
    created_at: at(index),
    updated_at: at(shuffled),
  }).document;
}

async function openFilled(count: number): Promise<ReadStore> {
  const path = join(folder, `read-${count}.db`);
  const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path });
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => {
      const document = jobAt(from + index, count);
      return { key: document.cron_id, version: 1, document };
    });
    await store.write([{ model: 'jobs', rows }]);
  }
  return store;
}

async function writeRuns(store: ReadStore, cronId: string, count: number): Promise<void> {
  for (let from = 1; from <= count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - from + 1) }, (_, index) => {
      const row = runRow(cronId, from + index);
      const key = `run-${cronId}-${String(from + index).padStart(10, '0')}`;
      const status = (from + index) % (count / 20) === 0 ? ('failed' as const) : ('success' as const);
      return {
        key,
        version: 1,
        document: { ...row.document, run_id: key, status, started_at: at(from + index) },
      };
    });
    await store.write([{ model: 'runs', rows }]);
  }
}

/** The best: what disturbs a round only makes it slower. */
async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

const QUESTIONS: Record<string, Omit<JobsAsked, 'limit' | 'offset'>> = {
  'by name': { sort: 'name' },
  'newest runs': { sort: 'last_run_at', descending: true },
  'deleted ones too': { filter: { deleted: 'too' } },
  'status=active': { filter: { status: 'active' } },
  'status=schedule_error': { filter: { status: 'schedule_error' } },
  'enabled=false': { filter: { enabled: false } },
  'last_run_status=failed': { filter: { lastRunStatus: 'failed' } },
  'has_warnings=true': { filter: { hasWarnings: true } },
  'overdue=true': { filter: { dueBefore: NOW } },
  'label=rare': { filter: { labels: ['rare'] } },
  'label=all': { filter: { labels: ['all'] } },
  'name=rare': { filter: { name: 'rare' } },
  'name=check': { filter: { name: 'check' } },
};

async function overStore(): Promise<string[][]> {
  const stores = [await openFilled(FEW), await openFilled(many)] as const;
  const table = [['over the store', `${FEW}, ms`, `${wholeNumber(many)}, ms`, 'ratio']];
  const compare = async (name: string, ask: (store: ReadStore, count: number) => () => Promise<unknown>) => {
    const few = await best(ask(stores[0], FEW));
    const all = await best(ask(stores[1], many));
    table.push([name, few.toFixed(2), all.toFixed(2), (all / few).toFixed(1)]);
  };
  await compare('first page', (store) => () => store.listJobs({ offset: 0, limit: LIMIT }));
  await compare(
    'last page, by its number',
    (store, count) => () => store.listJobs({ offset: count - LIMIT, limit: LIMIT }),
  );
  await compare('deep page, by a place', (store, count) => {
    const after = { value: at(count - LIMIT - 2), cron_id: '' };
    return () => store.listJobs({ offset: 0, limit: LIMIT, after });
  });
  for (const [name, question] of Object.entries(QUESTIONS)) {
    await compare(name, (store) => () => store.listJobs({ ...question, offset: 0, limit: LIMIT }));
    const pages = await Promise.all(
      stores.map((store) => store.listJobs({ ...question, offset: 0, limit: LIMIT })),
    );
    if (pages.some(({ next }) => next === undefined)) continue;
    await compare(`${name}, behind a place`, (store) => {
      const { next, total } = pages[store === stores[0] ? 0 : 1] ?? {};
      return () => store.listJobs({ ...question, offset: 0, limit: LIMIT, after: next, total });
    });
  }
  await writeRuns(stores[0], 'cron-a', FEW);
  await writeRuns(stores[1], 'cron-a', runs);
  for (const [name, filter] of Object.entries({
    'runs of a job': { cronId: 'cron-a' },
    'failed runs of a job': { cronId: 'cron-a', status: 'failed' as const },
    'dry runs of a job': { cronId: 'cron-a', dryRun: true },
    'runs of all jobs': {},
    'failed runs of all': { status: 'failed' as const },
  }))
    await compare(
      `${name} (${wholeNumber(runs)})`,
      (store) => () => store.findRuns({ ...filter, limit: LIMIT }),
    );
  for (const store of stores) await store.close();
  return table;
}

async function overHttp(): Promise<string[][]> {
  const apps = [];
  for (const jobs of [FEW, many]) {
    const data = mkdtempSync(join(folder, 'http-'));
    await makeLargeStore(data, { jobs, events: 100 });
    apps.push(await createApp(loadConfig({ DATA_DIR: data, PORT: '0', LOG_LEVEL: 'error' })));
  }
  const urls = [];
  for (const app of apps) urls.push((await app.start()) + BASE_PATH);
  const get = async (url: string): Promise<{ pagination: { next_cursor: string | null } }> => {
    const response = await fetch(url);
    const body = (await response.json()) as { pagination: { next_cursor: string | null } };
    if (response.status !== 200) throw new Error(`${url}: ${JSON.stringify(body)}`);
    return body;
  };
  for (let round = 0; round < WARMING; round++)
    for (const url of urls) await get(`${url}?limit=20&sort=name`);
  const table = [['over HTTP', `${FEW}, ms`, `${wholeNumber(many)}, ms`, 'ratio']];
  const lastOf = (index: number): number => (index === 0 ? FEW : many) / LIMIT;
  for (const [name, queryOf] of Object.entries<(index: number) => string>({
    'first page': () => '?limit=20',
    'last page, by its number': (index) => `?limit=20&page=${lastOf(index)}`,
    'page behind the one before the last': (index) => `?limit=20&page=${lastOf(index) - 1}`,
    'status=disabled': () => '?status=disabled',
    'name=JOB 1': () => '?name=JOB%201',
    'sort=-name': () => '?sort=-name',
    '/runs?status=success': () => '/runs?status=success',
  })) {
    const asked: number[] = [];
    for (const [index, url] of urls.entries()) {
      const first = url + queryOf(index);
      const cursor = name.startsWith('page behind') ? (await get(first)).pagination.next_cursor : null;
      asked.push(await best(() => get(cursor === null ? first : `${url}?limit=20&cursor=${cursor}`)));
    }
    const [few = NaN, all = NaN] = asked;
    table.push([name, few.toFixed(2), all.toFixed(2), (all / few).toFixed(1)]);
  }
  for (const app of apps) await app.stop();
  return table;
}

try {
  const tables = [await overStore(), await overHttp()];
  process.stdout
    .write(`Pages of ${LIMIT} of ${wholeNumber(many)} jobs beside those of ${FEW}; best of ${ROUNDS}
${describeMachine()}; embedded SQLite store in ${tmpdir()}

${tables.map((table) => alignedTable(table, 1)).join('\n')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
