import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { modelNames, type ModelName } from '../../src/ports/read-models.js';
import type { Change, Checkpoint, Claim, NamedCheckpoint, ReadStore } from '../../src/ports/read-store.js';
import { jobRow, reminderRow, runRow, sampleRows, snapshotRow } from '../support/sample-documents.js';
import { emptiedContract } from './read-store-emptied.contract.js';
import { eventsContract } from './read-store-events.contract.js';
import { jobsContract } from './read-store-jobs.contract.js';
import { remindersContract } from './read-store-reminders.contract.js';
import { runsContract } from './read-store-runs.contract.js';

const CHECKPOINT: Checkpoint = {
  position: '0000000000000000007',
  event: { position: '0000000000000000005', id: '7d3cdd24-2a84-4a6e-9ed5-6f2d6e5a1b0c' },
  projection_version: 3,
  projector: 'projector-1',
};
const NAMED: NamedCheckpoint = { name: 'models', checkpoint: CHECKPOINT };
const FIRST: Claim = { ...NAMED, instead: undefined, emptied: [] };
const SECOND: Claim = { ...FIRST, instead: CHECKPOINT.projector };
const NAMES = Array.from({ length: 2_500 }, (_, index) => `certificationReminder-${index}`);

/**
 * What every read store keeps to. `open` gives an empty one.
 * @param comparesWhileWriting false for a server that looks at the stored version and writes in two steps
 */
export function readStoreContract(
  name: string,
  open: () => Promise<ReadStore>,
  comparesWhileWriting: () => Promise<boolean> = () => Promise.resolve(true),
): void {
  describe(`read store: ${name}`, () => {
    let store: ReadStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const readAll = async (model: ModelName): Promise<string[][]> => {
      const pages: string[][] = [];
      for await (const page of store.readAll(model)) pages.push(page.map(({ key }) => key));
      return pages;
    };

    it('reads rows as they were written, and leaves out keys without a row', async () => {
      const [job, other] = [
        jobRow('cron-a', 4, { name: 'Zertifikate — 証明書 \u{1F4C5}' }),
        jobRow('cron-b'),
      ];
      await store.write([{ model: 'jobs', rows: [job, other] }]);
      const rows = await store.read('jobs', ['cron-a', 'cron-none', 'cron-a']);
      expect([...rows]).toEqual([['cron-a', job]]);
      expect((await store.read('runs', ['cron-a'])).size).toBe(0);
      expect((await store.read('jobs', [])).size).toBe(0);
    });

    it.each(modelNames)('keeps each model: %s', async (model) => {
      const row = sampleRows[model];
      await store.write([{ model, rows: [row] } as Change]);
      expect((await store.read(model, [row.key])).get(row.key)).toEqual(row);
      expect(await readAll(model)).toEqual([[row.key]]);
      await store.claim({ ...FIRST, emptied: modelNames });
      expect(await readAll(model)).toEqual([]);
    });

    it('gives every value back as JSON would, also within the state of a job, whatever its fields are called', async () => {
      const job = JSON.parse(
        `{"$set": 1, "a.b": {"$gt": [null, [], [[-0.001, 3000000000, 9007199254740991, 1e300]], {}]}, "": true,
          "__proto__": {"x": null}, "_id": "it", "text": "\\u0000 \\" 証", "date": "2026-03-26T10:00:00.000Z"}`,
      ) as object;
      const row = jobRow('cron-a', 3_000_000_000, {
        run_count: 2 ** 40,
        state: { fold_version: 1, version: 1, job },
      });
      const run = { ...runRow('cron-a', 1), version: 2 };
      Object.assign(run.document, {
        late_by_ms: -3_000_000_000,
        error: { code: 'check_failed', message: '$no: a.b' },
      });
      await store.write([
        { model: 'jobs', rows: [row] },
        { model: 'runs', rows: [run] },
      ]);
      const read = (await store.read('jobs', ['cron-a'])).get('cron-a');
      expect(read).toEqual(row);
      expect(JSON.stringify(read?.document.state.job)).toBe(JSON.stringify(job));
      expect((await store.read('runs', [run.key])).get(run.key)).toEqual(run);
      for await (const rows of store.readAll('jobs')) expect(rows).toEqual([row]);
      expect((await store.listJobs({ offset: 0, limit: 1 })).jobs).toEqual([
        { ...row.document, state: undefined },
      ]);
    });

    it('leaves out a field without a value: it does not become null', async () => {
      const state = { fold_version: 1, version: 1, job: undefined };
      const row = jobRow('cron-a', 1, { description: undefined as unknown as null, state });
      await store.write([{ model: 'jobs', rows: [row] }]);
      const document = (await store.read('jobs', ['cron-a'])).get('cron-a')?.document;
      expect(document).toMatchObject({ last_run_at: null });
      expect(document).not.toHaveProperty('description');
      expect(document?.state).not.toHaveProperty('job');
    });

    it.each([
      ['an older version', 4, 'old'],
      ['the same version', 5, 'old'],
      ['a newer version', 6, 'new'],
    ])('decides by version: %s', async (_, version, kept) => {
      await store.write([{ model: 'jobs', rows: [jobRow('cron-a', 5, { name: 'old' })] }]);
      await store.write([{ model: 'jobs', rows: [jobRow('cron-a', version, { name: 'new' })] }]);
      const row = (await store.read('jobs', ['cron-a'])).get('cron-a');
      expect(row?.document.name).toBe(kept);
      expect(row?.version).toBe(Math.max(5, version));
    });

    it('decides by version also within one call, and refuses one row without the others', async () => {
      await store.write([
        { model: 'jobs', rows: [jobRow('cron-a', 2, { name: 'two' }), jobRow('cron-a', 1, { name: 'one' })] },
        { model: 'runs', rows: [runRow('cron-a', 1)] },
        { model: 'jobs', rows: [jobRow('cron-b', 1), jobRow('cron-a', 3, { name: 'three' })] },
        { model: 'jobs', rows: [jobRow('cron-a', 3, { name: 'three again' })] },
      ]);
      const rows = await store.read('jobs', ['cron-a', 'cron-b']);
      expect(rows.get('cron-a')?.document.name).toBe('three');
      expect(rows.has('cron-b')).toBe(true);
      expect((await store.read('runs', ['run-cron-a-1'])).size).toBe(1);
    });

    it('takes the new rows of a call of which most are refused', async () => {
      const rows = NAMES.slice(0, 300).map((key) => reminderRow(key));
      await store.write([{ model: 'reminders', rows: rows.filter((_, index) => index % 10 > 0) }]);
      const again = rows.map((row, index) => ({
        ...reminderRow(row.key, { mentor_id: 'mentor-2' }),
        version: 1 + ((index % 3) >> 1),
      }));
      await store.write([{ model: 'reminders', rows: again }]);
      const found = await store.read('reminders', NAMES.slice(0, 300));
      const expected = rows.map((_, index) =>
        index % 3 === 2 || index % 10 === 0 ? 'mentor-2' : 'mentor-1',
      );
      expect(rows.map(({ key }) => found.get(key)?.document.mentor_id)).toEqual(expected);
    });

    it('takes the same rows from several writers at once', async () => {
      await store.claim(FIRST);
      const write = (writer: number) =>
        store.write(
          [{ model: 'reminders', rows: NAMES.slice(0, 300 + writer).map((key) => reminderRow(key)) }],
          NAMED,
        );
      await Promise.all([0, 1, 2].map(write));
      expect((await readAll('reminders')).flat().sort()).toEqual(NAMES.slice(0, 302).sort());
      expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
    });

    it('has the highest version in the end when several write one row at once', async () => {
      const versions = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) + 1);
      await Promise.all(
        versions.map((version) =>
          store.write([{ model: 'jobs', rows: [jobRow('cron-a', version, { name: `of ${version}` })] }]),
        ),
      );
      const row = (await store.read('jobs', ['cron-a'])).get('cron-a');
      const expected = (await comparesWhileWriting()) ? 20 : row?.version;
      expect([row?.version, row?.document.name]).toEqual([expected, `of ${expected}`]);
    });

    it('keeps checkpoints by name', async () => {
      expect(await store.readCheckpoint('models')).toBeUndefined();
      const first = { ...CHECKPOINT, position: '', event: null };
      await store.claim({ ...FIRST, checkpoint: first });
      await store.claim({ ...FIRST, name: 'other' });
      expect(await store.readCheckpoint('models')).toEqual(first);
      await store.write([], NAMED);
      expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
    });

    it('writes rows and checkpoint in one call, the checkpoint also when all rows are refused', async () => {
      const change = { model: 'jobs', rows: [jobRow('cron-a')] } as const;
      const earlier = { name: 'models', checkpoint: { ...CHECKPOINT, position: '0000000000000000003' } };
      await store.claim({ ...FIRST, ...earlier });
      await store.write([change], earlier);
      await store.write([change], NAMED);
      expect((await store.read('jobs', ['cron-a'])).size).toBe(1);
      expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
    });

    it('takes a call without anything to write', async () => {
      await store.write([]);
      await store.write([{ model: 'jobs', rows: [] }]);
      expect(await readAll('jobs')).toEqual([]);
    });

    describe('a checkpoint that is claimed', () => {
      const other = { ...CHECKPOINT, position: '', event: null, projector: 'projector-2' };

      it('empties the models that are named, and no others', async () => {
        const change = { model: 'jobs', rows: [jobRow('cron-a', 9)] } as const;
        await store.write([change, { model: 'reminders', rows: [reminderRow('kept')] }]);
        for (const name of ['models', 'other']) await store.claim({ ...FIRST, name });
        await store.claim({ ...SECOND, checkpoint: other, emptied: ['jobs', 'runs'] });
        expect(await readAll('jobs')).toEqual([]);
        expect(await readAll('reminders')).toEqual([['kept']]);
        expect(await store.readCheckpoint('models')).toEqual(other);
        expect(await store.readCheckpoint('other')).toEqual(CHECKPOINT);
        await store.write([{ model: 'jobs', rows: [jobRow('cron-a', 1)] }]);
        expect((await store.read('jobs', ['cron-a'])).get('cron-a')?.version).toBe(1);
      });

      it('is moved by its projector alone', async () => {
        await store.claim(FIRST);
        await store.claim({ ...SECOND, checkpoint: other });
        await expect(store.write([], NAMED)).rejects.toMatchObject({ code: 'checkpoint_taken' });
        expect(await store.readCheckpoint('models')).toEqual(other);
        const moved = { ...other, position: '0000000000000000004' };
        await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }], {
          name: 'models',
          checkpoint: moved,
        });
        expect(await store.readCheckpoint('models')).toEqual(moved);
      });

      it.each([
        ['that is there by now', undefined],
        ['that has been replaced by another one', 'projector-0'],
      ])('is not put in the place of one %s, and nothing is emptied', async (_, instead) => {
        await store.claim(FIRST);
        await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
        for (const emptied of [[], ['jobs'] as const])
          await expect(
            store.claim({ name: 'models', checkpoint: other, instead, emptied }),
          ).rejects.toMatchObject({ code: 'checkpoint_taken' });
        expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
        expect(await readAll('jobs')).toEqual([['cron-a']]);
      });

      it('is not moved before it is claimed', async () => {
        await expect(store.write([], NAMED)).rejects.toMatchObject({ code: 'checkpoint_taken' });
        expect(await store.readCheckpoint('models')).toBeUndefined();
      });
    });

    it('reads many keys at once, and all rows page by page', async () => {
      await store.write([{ model: 'reminders', rows: NAMES.map((key) => reminderRow(key)) }]);
      const some = NAMES.slice(0, 1_300);
      const rows = await store.read('reminders', [...some, 'certificationReminder-none']);
      expect([...rows.keys()].sort()).toEqual([...some].sort());
      const pages = await readAll('reminders');
      expect(pages.flat().sort()).toEqual([...NAMES].sort());
      expect(pages.length).toBeGreaterThan(1);
    });

    it('finds the newest snapshot of a job at a version or before it', async () => {
      const versions = [1, 7, 100, 1_000_000];
      const rows = [...versions.map((version) => snapshotRow('cron-a', version)), snapshotRow('cron-b', 3)];
      await store.write([{ model: 'snapshots', rows }]);
      for (const [asked, found] of [
        [1, 1],
        [6, 1],
        [7, 7],
        [999_999, 100],
        [2_000_000, 1_000_000],
      ] as const)
        expect(await store.snapshotBefore('cron-a', asked)).toEqual(snapshotRow('cron-a', found));
      expect(await store.snapshotBefore('cron-b', 2)).toBeUndefined();
      expect(await store.snapshotBefore('cron-none', 9)).toBeUndefined();
    });

    it('lists a job again that is deleted no more', async () => {
      const listed = async (version: number, deleted_at: string | null): Promise<unknown> => {
        await store.write([{ model: 'jobs', rows: [jobRow('cron-a', version, { deleted_at })] }]);
        const { jobs, total } = await store.listJobs({ offset: 0, limit: 10 });
        return { jobs: jobs.map(({ cron_id }) => cron_id), total };
      };
      expect(await listed(1, null)).toEqual({ jobs: ['cron-a'], total: 1 });
      expect(await listed(2, 'then')).toEqual({ jobs: [], total: 0 });
      expect(await listed(3, null)).toEqual({ jobs: ['cron-a'], total: 1 });
    });

    it('tells keys apart by every character', async () => {
      const keys = ['ä', 'a\u0308', 'A', 'a', 'a ', '証明書', '\u{1F4C5}', "it's", '"quoted"', '%', '\\'];
      const rowsOf = keys.map((key) => reminderRow(key, { mentor_id: `of ${key}` }));
      await store.write([{ model: 'reminders', rows: rowsOf }]);
      const rows = await store.read('reminders', keys);
      expect(keys.map((key) => rows.get(key)?.document.mentor_id)).toEqual(keys.map((key) => `of ${key}`));
      expect((await readAll('reminders')).flat().sort()).toEqual([...keys].sort());
    });

    it('lists the jobs that are not deleted by created_at and then cron_id', async () => {
      const job = (id: string, day: string, deleted = false) =>
        jobRow(id, 1, { created_at: `2026-03-${day}T10:00:00.000Z`, deleted_at: deleted ? 'then' : null });
      const jobs = [job('cron-c', '02'), job('cron-a', '03'), job('cron-d', '01', true), job('cron-b', '02')];
      await store.write([{ model: 'jobs', rows: jobs }]);
      const list = async (offset: number, limit: number): Promise<[string[], number]> => {
        const { jobs, total } = await store.listJobs({ offset, limit });
        return [jobs.map(({ cron_id }) => cron_id), total];
      };
      expect(await list(0, 10)).toEqual([['cron-b', 'cron-c', 'cron-a'], 3]);
      expect(await list(1, 1)).toEqual([['cron-c'], 3]);
      expect(await list(3, 10)).toEqual([[], 3]);
      expect(await list(0, 0)).toEqual([[], 3]);
      await store.write([{ model: 'jobs', rows: [jobRow('cron-b', 2, { deleted_at: 'then' })] }]);
      expect(await list(0, 1)).toEqual([['cron-c'], 2]);
      expect((await store.read('jobs', ['cron-b'])).size).toBe(1);
    });

    it('lists runs of one job in a range of run_no, newest first', async () => {
      const runs = Array.from({ length: 12 }, (_, index) => runRow('cron-a', index + 1));
      await store.write([{ model: 'runs', rows: [...runs, runRow('cron-b', 5)] }]);
      const list = async (from: number, to: number): Promise<number[]> =>
        (await store.listRuns('cron-a', { from, to })).map(({ run_no }) => run_no);
      expect(await list(8, 11)).toEqual([11, 10, 9, 8]);
      expect(await list(1, 1)).toEqual([1]);
      expect(await list(11, 99)).toEqual([12, 11]);
      expect(await list(5, 4)).toEqual([]);
      expect(await store.listRuns('cron-none', { from: 1, to: 9 })).toEqual([]);
      expect((await store.listRuns('cron-b', { from: 1, to: 9 }))[0]).toEqual(runRow('cron-b', 5).document);
    });

    remindersContract(() => store);
    eventsContract(() => store);
    jobsContract(() => store);
    runsContract(() => store);
    emptiedContract(() => store);
  });
}
