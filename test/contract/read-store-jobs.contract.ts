import { describe, expect, it } from '@jest/globals';
import {
  fitsFilter,
  JOB_SORTS,
  sortValueOf,
  type JobFilter,
  type JobPlace,
  type JobsAsked,
} from '../../src/ports/job-list.js';
import type { JobDocument } from '../../src/ports/read-models.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { jobRow } from '../support/sample-documents.js';

const NAMES = [
  'Straße 50% off',
  'STRASSE',
  'été',
  'E\u0301te\u0301',
  'a.b*c',
  'a_b',
  'ΣΑΣ σας',
  'x [ab] (c)|d',
  '証明書',
];
const NOW = '2026-03-27T12:00:00.000Z';
const at = (index: number): string => `2026-03-${String(10 + (index % 20)).padStart(2, '0')}T10:00:00.000Z`;

/** Jobs that differ in all that lists ask for, many of which tie. */
export function variedJobs(count: number): JobDocument[] {
  return Array.from({ length: count }, (_, index) => {
    const status = (['active', 'active', 'disabled', 'schedule_error'] as const)[index % 4] ?? 'active';
    const last = ([null, 'success', 'failed', 'success', 'running'] as const)[index % 5] ?? null;
    return jobRow(`cron-${String((index * 7_919) % 10_007).padStart(5, '0')}`, 1, {
      name: `${NAMES[index % NAMES.length] ?? ''}${index % 3 === 0 ? '' : ` ${index % 11}`}`,
      status,
      enabled: status !== 'disabled',
      labels: ['blue', 'red', 'a.b', '$ne'].filter((_, bit) => (index >> bit) & 1),
      last_run_status: last,
      last_run_at: last === null ? null : at(index * 3),
      next_run_at: status === 'active' ? at(index * 7) : null,
      has_warnings: index % 6 === 0,
      created_at: at(index),
      updated_at: at(index * 11),
      deleted_at: index % 7 === 0 ? NOW : null,
    }).document;
  });
}

export const JOB_FILTERS: readonly JobFilter[] = [
  {},
  { deleted: 'only' },
  { deleted: 'too' },
  { status: 'schedule_error' },
  { enabled: false, deleted: 'too' },
  { enabled: true, status: 'disabled' },
  { name: 'strasse' },
  { name: 'É' },
  { name: '%' },
  { name: '.b*' },
  { name: '[AB] (C)|' },
  { name: 'σασ' },
  { name: '_', enabled: true },
  { labels: ['red'] },
  { labels: ['blue', 'a.b'], lastRunStatus: 'failed' },
  { labels: ['$ne'], deleted: 'only' },
  { labels: ['of nobody'] },
  { lastRunStatus: 'none' },
  { lastRunStatus: 'running', hasWarnings: true },
  { hasWarnings: false },
  { dueBefore: NOW },
  { dueBefore: at(12), status: 'active', name: 's' },
  { notDueBefore: NOW },
];

/** The ids that a list must have, by looking at each job. */
export function expectedIds(
  jobs: readonly JobDocument[],
  { filter = {}, sort, descending }: Partial<JobsAsked>,
) {
  const compare = (one: string, other: string): number =>
    Buffer.compare(Buffer.from(one), Buffer.from(other));
  const by = sort ?? 'created_at';
  const sorted = jobs
    .filter((job) => fitsFilter(job, filter))
    .sort(
      (one, other) =>
        compare(sortValueOf(one, by), sortValueOf(other, by)) || compare(one.cron_id, other.cron_id),
    )
    .map(({ cron_id }) => cron_id);
  return descending === true ? sorted.reverse() : sorted;
}

/** All pages, one after the other by their places. */
export async function idsByPlaces(store: ReadStore, asked: Omit<JobsAsked, 'offset'>): Promise<string[]> {
  const ids: string[] = [];
  let after: JobPlace | undefined;
  do {
    const { jobs, next } = await store.listJobs({ ...asked, offset: 0, after });
    ids.push(...jobs.map(({ cron_id }) => cron_id));
    after = next;
  } while (after !== undefined);
  return ids;
}

export const writeJobs = (store: ReadStore, jobs: readonly JobDocument[]): Promise<void> =>
  store.write([
    { model: 'jobs', rows: jobs.map((document) => ({ key: document.cron_id, version: 1, document })) },
  ]);

/** What every read store keeps to when jobs are looked for. */
export function jobsContract(opened: () => ReadStore): void {
  describe('jobs that are looked for', () => {
    const jobs = variedJobs(90);

    // Every other order stands with a filter, in one direction: all with all would take a server too long.
    it.each(JOB_FILTERS.map((filter, nth) => ({ filter, nth })))(
      'are those that fit, by pages and by places: $filter',
      async ({ filter, nth }) => {
        const store = opened();
        await writeJobs(store, jobs);
        for (const [index, sort] of JOB_SORTS.entries()) {
          if ((index + nth) % 2 === 1) continue;
          const descending = nth % 4 < 2;
          const expected = expectedIds(jobs, { filter, sort, descending });
          const asked = { filter, sort, descending, limit: 13 };
          const second = await store.listJobs({ ...asked, offset: 13 });
          expect(second.total).toBe(expected.length);
          expect(second.jobs.map(({ cron_id }) => cron_id)).toEqual(expected.slice(13, 26));
          expect(second.next === undefined).toBe(expected.length <= 26);
        }
        const asked = {
          filter,
          sort: nth % 2 === 0 ? ('name' as const) : ('next_run_at' as const),
          descending: nth % 4 < 2,
        };
        expect(await idsByPlaces(store, { ...asked, limit: 17 })).toEqual(expectedIds(jobs, asked));
      },
    );

    it('follow what is written of them', async () => {
      const store = opened();
      await writeJobs(store, jobs);
      const changed = jobs.map((job, index) => ({
        ...job,
        name: `${job.name}${index % 2}`,
        labels: index % 4 === 0 ? ['red', 'green'] : job.labels,
        has_warnings: index % 3 === 0,
        deleted_at: index % 5 === 0 ? NOW : null,
        next_run_at: index % 4 === 1 ? at(index) : null,
        last_run_at: at(index + 1),
        updated_at: at(index + 2),
        last_run_status: 'failed' as const,
      }));
      const rows = changed.map((document) => ({ key: document.cron_id, version: 2, document }));
      await store.write([{ model: 'jobs', rows }]);
      const filters = [...JOB_FILTERS, { labels: ['green'] }, { name: '1' }];
      for (const [index, filter] of filters.entries()) {
        const sort = JOB_SORTS[index % JOB_SORTS.length];
        const { jobs: listed, total } = await store.listJobs({ filter, sort, offset: 0, limit: 100 });
        const expected = expectedIds(changed, { filter, sort });
        expect([listed.map(({ cron_id }) => cron_id), total]).toEqual([expected, expected.length]);
      }
      await store.claim({
        name: 'models',
        instead: undefined,
        emptied: ['jobs'],
        checkpoint: { position: '', event: null, projection_version: 1, projector: 'one' },
      });
      for (const filter of [{ deleted: 'too' }, { labels: ['green'] }, { name: '1' }] as const)
        expect(await store.listJobs({ filter, offset: 0, limit: 9 })).toEqual({ jobs: [], total: 0 });
    });

    it('need not be counted again', async () => {
      const store = opened();
      await writeJobs(store, jobs);
      const asked = { filter: { name: 'strasse' }, offset: 0, limit: 3 };
      const { next, total } = await store.listJobs(asked);
      const { jobs: listed } = await store.listJobs({ ...asked, after: next, total });
      expect(listed.map(({ cron_id }) => cron_id)).toEqual(expectedIds(jobs, asked).slice(3, 6));
    });

    it.each<JobFilter>([{}, { deleted: 'too' }, { status: 'active', hasWarnings: true }])(
      'are counted for each page where that costs little: %j',
      async (filter) => {
        const store = opened();
        await writeJobs(store, jobs);
        const asked = { filter, offset: 0, limit: 3 };
        const { next } = await store.listJobs(asked);
        const { total } = await store.listJobs({ ...asked, after: next, total: 1 });
        expect(total).toBe(expectedIds(jobs, asked).length);
      },
    );
  });
}
