import { describe, expect, it } from '@jest/globals';
import { fromTimestamp } from '../../src/events/timestamp.js';
import { createJobReads, type JobReadsDependencies } from '../../src/http/job-reads.js';
import { ProblemError } from '../../src/http/problem.js';
import type { JobFilter } from '../../src/ports/job-list.js';
import type { JobDocument } from '../../src/ports/read-models.js';
import type { NamedCheckpoint, ReadStore } from '../../src/ports/read-store.js';
import { createModelsLag } from '../../src/projections/models-lag.js';
import { createVirtualClock } from '../support/virtual-clock.js';
import { expectedIds, variedJobs } from './read-store-jobs.contract.js';

const HEAD = '7';
const ROUNDS = 2;
const AT_ONCE = 3;
const FILTERS: readonly JobFilter[] = [{}, { name: 's' }, { hasWarnings: false }, { deleted: 'too' }];

function checkpointOf(projector: string, position: string): NamedCheckpoint {
  return { name: 'jobs', checkpoint: { position, event: null, projection_version: 1, projector } };
}

/** The lists of an instance that has folded these jobs, and read the log up to its head. */
function listsOver(store: ReadStore, jobs: readonly JobDocument[]) {
  const known = new Map(
    jobs.map((job) => [
      job.cron_id,
      {
        deleted: job.deleted_at !== null,
        updated_at: fromTimestamp(job.updated_at),
        last_run_no: job.run_count,
      },
    ]),
  );
  const fold = {
    live: () => jobs.filter(({ deleted_at }) => deleted_at === null).length,
    get: (cronId: string) => ({ job: known.get(cronId) }),
  } as unknown as JobReadsDependencies['fold'];
  const reader = { caughtUp: Promise.resolve(), position: () => HEAD, tap: () => undefined };
  const clock = createVirtualClock('2026-03-27T10:00:00.000Z');
  const modelsLag = createModelsLag({ name: 'jobs' }, { store, clock, reader });
  return createJobReads({ store, fold, modelsLag });
}

/** What every read store keeps to while a projector makes the models anew under the eyes of readers. */
export function emptiedContract(opened: () => ReadStore): void {
  describe('lists while another projector empties the models', () => {
    it('have all that fit, or say that they cannot', async () => {
      const store = opened();
      const jobs = variedJobs(60);
      const rows = jobs.map((document) => ({ key: document.cron_id, version: 1, document }));
      const lists = listsOver(store, jobs);
      await store.write([{ model: 'jobs', rows }]);
      await store.claim({ ...checkpointOf('projector-0', HEAD), instead: undefined, emptied: [] });

      const idsOf = (filter: JobFilter): Promise<readonly [number, string[]] | 'reads_behind'> =>
        lists.list({ filter, sort: 'name', offset: 0, limit: 9 }).then(
          (found) => [found.total, found.jobs.map(({ cron_id }) => cron_id)] as const,
          (error: unknown) => {
            if (error instanceof ProblemError && error.problem.code === 'reads_behind') return 'reads_behind';
            throw error;
          },
        );
      async function makeAnew(round: number): Promise<void> {
        const owner = `projector-${round}`;
        await store.claim({
          ...checkpointOf(owner, ''),
          instead: `projector-${round - 1}`,
          emptied: ['jobs', 'runs'],
        });
        await store.write([{ model: 'jobs', rows: rows.slice(0, 30) }]);
        await store.write([{ model: 'jobs', rows: rows.slice(30) }], checkpointOf(owner, HEAD));
      }
      const expectWhole = (filter: JobFilter, found: Awaited<ReturnType<typeof idsOf>>): void => {
        const expected = expectedIds(jobs, { filter, sort: 'name' });
        expect([filter, found]).toEqual([filter, [expected.length, expected.slice(0, 9)]]);
      };

      for (let round = 1; round <= ROUNDS; round++) {
        let isOver = false;
        const anew = makeAnew(round).finally(() => (isOver = true));
        const readers = Array.from({ length: AT_ONCE }, async () => {
          while (!isOver)
            for (const filter of FILTERS) {
              const found = await idsOf(filter);
              if (found !== 'reads_behind') expectWhole(filter, found);
            }
        });
        await Promise.all([anew, ...readers]);
      }
      for (const filter of FILTERS) expectWhole(filter, await idsOf(filter));
    });
  });
}
