import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { openDatabase } from '../../../src/adapters/sqlite/open-database.js';
import { openSqliteGenerations } from '../../../src/adapters/sqlite/read-generations.js';
import { READ_STORE } from '../../../src/adapters/sqlite/read-schema.js';
import { openStatements } from '../../../src/adapters/sqlite/read-statements.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { Clock } from '../../../src/ports/clock.js';
import { JOB_SORTS, type JobFilter, type JobPlace } from '../../../src/ports/job-list.js';
import type { JobDocument } from '../../../src/ports/read-models.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  expectedIds,
  idsByPlaces,
  JOB_FILTERS,
  variedJobs,
  writeJobs,
} from '../../contract/read-store-jobs.contract.js';

const waiting = { clock: systemClock, ids: systemIds, path: ':memory:' };

/** More than are sorted: they are walked in order, and counted in pieces. */
const MANY = 7_500;

describe('a list of many jobs', () => {
  const jobs = variedJobs(MANY);
  let store: ReadStore;
  beforeAll(async () => {
    store = openSqliteReadStore(waiting);
    await writeJobs(store, jobs);
  });
  afterAll(() => store.close());

  it.each(JOB_FILTERS)('has those that fit, by pages and by places: %j', async (filter) => {
    for (const [index, sort] of JOB_SORTS.entries()) {
      const asked = { filter, sort, descending: index % 2 === 0 };
      const expected = expectedIds(jobs, asked);
      for (const offset of [0, 1_234, expected.length - 3, MANY]) {
        if (offset < 0) continue;
        const page = await store.listJobs({ ...asked, offset, limit: 50 });
        expect(page.total).toBe(expected.length);
        expect(page.jobs.map(({ cron_id }) => cron_id)).toEqual(expected.slice(offset, offset + 50));
      }
    }
    const asked = { filter, sort: 'name', descending: false } as const;
    expect(await idsByPlaces(store, { ...asked, limit: 997 })).toEqual(expectedIds(jobs, asked));
  });

  it('need not be counted for the page behind a place', async () => {
    const asked = { filter: { name: 's' }, sort: 'updated_at', offset: 0, limit: 40 } as const;
    const first = await store.listJobs(asked);
    const second = await store.listJobs({ ...asked, after: first.next, total: first.total });
    expect(second.total).toBe(first.total);
    expect(second.jobs.map(({ cron_id }) => cron_id)).toEqual(expectedIds(jobs, asked).slice(40, 80));
  });
});

describe('a list of jobs that change while it is read by places', () => {
  const some = variedJobs(120);
  type Change = Partial<Pick<JobDocument, 'name' | 'labels' | 'has_warnings' | 'deleted_at' | 'updated_at'>>;
  const changes = fc.array(
    fc.tuple(
      fc.nat(119),
      fc.record(
        {
          name: fc.constantFrom('a', 'm', 'z'),
          labels: fc.constantFrom<string[]>(['red'], []),
          has_warnings: fc.boolean(),
          deleted_at: fc.constantFrom(null, '2026-03-27T12:00:00.000Z'),
          updated_at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
        },
        { requiredKeys: [] },
      ),
    ),
    { maxLength: 12 },
  );

  it('has each job once that fits and stays where it is, and no job that did not fit when it was shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<JobFilter>(
          {},
          { labels: ['red'] },
          { hasWarnings: true },
          { name: 'M' },
          { deleted: 'too' },
        ),
        fc.constantFrom('created_at', 'name', 'updated_at' as const),
        fc.boolean(),
        fc.array(changes, { minLength: 1, maxLength: 6 }),
        async (filter, sort, descending, rounds) => {
          const store = openSqliteReadStore(waiting);
          const jobs = new Map(some.map((job) => [job.cron_id, job]));
          await writeJobs(store, [...jobs.values()]);
          const ids = [...jobs.keys()];
          const touched = new Set<string>();
          const before = new Set(expectedIds([...jobs.values()], { filter, sort }));
          const shown: string[] = [];
          let version = 1;
          let after: JobPlace | undefined;
          for (let round = 0; ; round++) {
            const page = await store.listJobs({ filter, sort, descending, after, offset: 0, limit: 11 });
            const fitting = new Set(expectedIds([...jobs.values()], { filter, sort }));
            for (const { cron_id } of page.jobs) expect(fitting.has(cron_id)).toBe(true);
            shown.push(...page.jobs.map(({ cron_id }) => cron_id));
            after = page.next;
            if (after === undefined) break;
            for (const [index, change] of rounds[round] ?? []) {
              const id = ids[index] ?? '';
              const changed = { ...jobs.get(id), ...(change as Change) } as JobDocument;
              touched.add(id);
              jobs.set(id, changed);
              version++;
              await store.write([{ model: 'jobs', rows: [{ key: id, version, document: changed }] }]);
            }
          }
          await store.close();
          const untouched = shown.filter((id) => !touched.has(id));
          expect(new Set(untouched).size).toBe(untouched.length);
          expect([...untouched].sort()).toEqual([...before].filter((id) => !touched.has(id)).sort());
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the statements of the lists', () => {
  it('are each answered by the index that they name, and sort nothing but the few', () => {
    const db = openDatabase(':memory:', READ_STORE, systemIds);
    const { jobs } = openStatements(db).placeOf(0);
    const place = { value: '', key: '', endValue: '', endKey: '', few: '', keys: '[]' };
    const filters = { traits: '[]', due: '', notDue: null, name: null, label: null, labels: null };
    const planOf = (sql: string): string =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all({ ...place, ...filters, limit: 1, offset: 0, passed: 1, from: 0, to: 1 })
        .map((row) => (row as { detail: string }).detail)
        .join('\n');
    for (const sort of JOB_SORTS) {
      const { first, passed, all, fitting } = jobs.inOrder(sort, true);
      for (const statement of [first, passed, all, fitting].map((of) => of([0]))) {
        const plan = planOf(statement.source);
        expect(plan).toContain(`INDEX jobs_by_${sort}`);
        expect(plan).not.toContain('TEMP B-TREE');
      }
    }
    const { among } = jobs.inOrder('name', false);
    expect(planOf(among('traits').source)).toContain('INDEX jobs_by_traits (traits=?');
    expect(planOf(among('keys').source)).toContain('(key=?');
    expect(planOf(among('label').source)).toContain('job_labels USING PRIMARY KEY (label=?');
    expect(planOf(among('due').source)).toContain('INDEX jobs_by_next_run_at (next_run_at<?)');
    expect(planOf(jobs.scan.source)).toContain('INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
    db.close();
  });
});

describe('a list that is read while another generation goes live', () => {
  /** Read in two pieces in the order of the file, which is not the same in both generations. */
  const jobs = variedJobs(4_200);
  const path = join(temporaryFolder(), 'read.db');
  const generations = openSqliteGenerations({ ...waiting, path });
  let goesLiveIn = Infinity;
  const clock: Clock = {
    ...systemClock,
    // Each piece waits for a turn of its own.
    monotonic: () => performance.now() * 1_000,
    async yield() {
      if (--goesLiveIn === 0) await goLive();
      await systemClock.yield();
    },
  };
  const store = openSqliteReadStore({ ...waiting, path, clock });

  async function goLive(): Promise<void> {
    const record = await generations.read();
    await generations.replace(record, { ...record, live: 1 - record.live });
  }

  beforeAll(async () => {
    await writeJobs(store, jobs);
    const before = await generations.read();
    const rebuild = { id: 'rebuild-1', generation: 1, beat: 0 };
    await generations.replace(before, { ...before, last: 1, rebuild });
    const rows = jobs
      .map((document) => ({ key: document.cron_id, version: 1, document }))
      .sort((one, other) =>
        (one.document.next_run_at ?? '~') < (other.document.next_run_at ?? '~') ? -1 : 1,
      );
    await generations.rowsOf(rebuild).write([{ model: 'jobs', rows }]);
  });
  afterAll(async () => {
    await store.close();
    await generations.close();
  });

  it.each<JobFilter>([{ name: 'strasse' }, { notDueBefore: '2026-03-12T00:00:00.000Z' }])(
    'has all that fit, between whichever of its pieces that is: %j',
    async (filter) => {
      const asked = { filter, sort: 'updated_at', offset: 0, limit: 20 } as const;
      const expected = expectedIds(jobs, asked);
      let between = 0;
      for (;;) {
        goesLiveIn = between + 1;
        const page = await store.listJobs(asked);
        const ids = page.jobs.map(({ cron_id }) => cron_id);
        expect([page.total, ids]).toEqual([expected.length, expected.slice(0, 20)]);
        if (goesLiveIn > 0) break;
        between++;
      }
      expect(between).toBeGreaterThanOrEqual(2);
    },
  );
});
