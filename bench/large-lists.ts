/**
 * Pages of a list of many jobs, and the same by the statements that there were before: which parsed the JSON of each row
 * that they passed.
 * npx tsx bench/large-lists.ts [--jobs 100000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Database } from '../src/adapters/sqlite/driver.js';
import { openSqliteReadStore } from '../src/adapters/sqlite/read-store.js';
import { systemClock } from '../src/adapters/system/clock.js';
import { systemIds } from '../src/adapters/system/ids.js';
import type { JobDocument } from '../src/ports/read-models.js';
import type { ReadStore, Row } from '../src/ports/read-store.js';
import { jobRow } from '../test/support/sample-documents.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';

const ROWS_AT_ONCE = 2_000;
const ROUNDS = 7;
const LIMIT = 100;

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '100000' } } });
const jobs = Number(values.jobs);

function* rows(): Generator<Row<JobDocument>[]> {
  for (let from = 0; from < jobs; from += ROWS_AT_ONCE)
    yield Array.from({ length: Math.min(ROWS_AT_ONCE, jobs - from) }, (_, index) =>
      jobRow(`cron-${String((from + index) * 7_919).padStart(32, '0')}`),
    );
}

async function fillStore(store: ReadStore): Promise<void> {
  for (const some of rows()) await store.write([{ model: 'jobs', rows: some }]);
}

/** The table, its index and the statements of version 1. */
function openBefore(path: string): (offset: number) => unknown {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec(`
    CREATE TABLE jobs (key TEXT PRIMARY KEY, version INTEGER NOT NULL, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_in_order ON jobs (document->>'created_at', key) WHERE document->>'deleted_at' IS NULL;`);
  const insert = db.prepare('INSERT INTO jobs VALUES (?, ?, ?)');
  for (const some of rows())
    db.transaction(() => {
      for (const { key, version, document } of some) insert.run(key, version, JSON.stringify(document));
    })();
  const page = db
    .prepare(
      `SELECT document FROM jobs WHERE document->>'deleted_at' IS NULL
       ORDER BY document->>'created_at', key LIMIT ? OFFSET ?`,
    )
    .pluck();
  const count = db.prepare(`SELECT count(*) FROM jobs WHERE document->>'deleted_at' IS NULL`).pluck();
  return (offset) => [
    page.all(LIMIT, offset).map((text) => JSON.parse(String(text)) as unknown),
    count.get(),
  ];
}

async function median(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'large-lists-'));
try {
  const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: join(folder, 'read.db') });
  await fillStore(store);
  const before = openBefore(join(folder, 'before.db'));
  const table = [['page', 'before, ms', 'now, ms', 'ratio']];
  for (const [name, offset] of Object.entries({ first: 0, middle: jobs / 2, last: jobs - LIMIT })) {
    const was = await median(() => before(offset));
    const is = await median(() => store.listJobs({ offset, limit: LIMIT }));
    table.push([name, was.toFixed(2), is.toFixed(2), (was / is).toFixed(0)]);
  }
  await store.close();
  process.stdout.write(`Pages of ${LIMIT} jobs of ${wholeNumber(jobs)}, with their total; median of ${ROUNDS}
${describeMachine()}; embedded SQLite store in ${tmpdir()}

${alignedTable(table, 1)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
