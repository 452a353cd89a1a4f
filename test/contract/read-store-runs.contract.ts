import { describe, expect, it } from '@jest/globals';
import type { RunDocument } from '../../src/ports/read-models.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import type { RunFilter, RunPlace } from '../../src/ports/run-search.js';
import { runRow } from '../support/sample-documents.js';

/** Four of each day, the clock of which once went back. */
const at = (index: number): string =>
  `2026-02-${String(1 + ((index >> 2) % 20)).padStart(2, '0')}T10:00:00.000Z`;

const runs = ['cron-a', 'cron-b'].flatMap((cronId) =>
  Array.from({ length: 30 }, (_, index): RunDocument => {
    const status = (['success', 'success', 'failed', 'success', 'running'] as const)[index % 5] ?? 'success';
    return {
      ...runRow(cronId, index + 1).document,
      run_id: `run-${cronId}-${String(index + 1).padStart(4, '0')}`,
      status,
      trigger: index % 3 === 0 ? 'manual' : 'schedule',
      dry_run: index % 4 === 0,
      started_at: at(index),
    };
  }),
);

const FILTERS: readonly RunFilter[] = [
  {},
  { cronId: 'cron-a' },
  { cronId: 'cron-none' },
  { status: 'failed' },
  { cronId: 'cron-b', status: 'running', dryRun: true },
  { trigger: 'manual', dryRun: false },
  { cronId: 'cron-a', from: at(16), to: at(40) },
  { from: at(16), to: at(16) },
  { status: 'success', from: at(16) },
  { to: at(12), trigger: 'schedule' },
];

function expectedIds({ cronId, status, trigger, dryRun, from = '', to = '~' }: RunFilter): string[] {
  const placeOf = ({ started_at, run_id }: RunDocument): string => `${started_at} ${run_id}`;
  return runs
    .filter((run) => cronId === undefined || run.cron_id === cronId)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => trigger === undefined || run.trigger === trigger)
    .filter((run) => dryRun === undefined || run.dry_run === dryRun)
    .filter((run) => run.started_at >= from && run.started_at < to)
    .sort((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1))
    .map(({ run_id }) => run_id);
}

/** What every read store keeps to when runs are looked for. */
export function runsContract(opened: () => ReadStore): void {
  describe('runs that are looked for', () => {
    it.each(FILTERS)('are those that fit, newest first, page by page: %j', async (filter) => {
      const store = opened();
      await store.write([
        { model: 'runs', rows: runs.map((document) => ({ key: document.run_id, version: 1, document })) },
      ]);
      const expected = expectedIds(filter);
      for (const limit of [3, 200]) {
        const ids: string[] = [];
        for (let after: RunPlace | undefined; ;) {
          const page = await store.findRuns({ ...filter, after, limit });
          ids.push(...page.map(({ run_id }) => run_id));
          after = page.at(-1);
          if (page.length < limit) break;
        }
        expect(ids).toEqual(expected);
      }
      const [first] = await store.findRuns({ ...filter, limit: 1 });
      expect(first).toEqual(runs.find(({ run_id }) => run_id === expected[0]));
      expect(await store.findRuns({ ...filter, limit: 0 })).toEqual([]);
      expect(await store.countRuns(filter, expected.length)).toBe(expected.length);
      expect(await store.countRuns(filter, 500)).toBe(expected.length);
      if (expected.length > 0) expect(await store.countRuns(filter, expected.length - 1)).toBeUndefined();
    });

    it('follow what is written of them', async () => {
      const store = opened();
      const row = runRow('cron-a', 1);
      await store.write([{ model: 'runs', rows: [row] }]);
      const ended: RunDocument = { ...row.document, status: 'failed' };
      await store.write([{ model: 'runs', rows: [{ ...row, version: 2, document: ended }] }]);
      expect(await store.findRuns({ status: 'running', limit: 9 })).toEqual([]);
      expect(await store.findRuns({ cronId: 'cron-a', status: 'failed', limit: 9 })).toEqual([ended]);
    });
  });
}
