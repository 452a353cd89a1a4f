import { createForsakenWatch, type Generations } from '../../ports/read-generations.js';
import type { RunDocument } from '../../ports/read-models.js';
import type { ListedJob, ReadStore } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { listEvents } from './list-events.js';
import { emptyModels, placesToWrite } from './live-places.js';
import { openReadFile } from './read-file.js';
import type { Statements } from './read-statements.js';
import { damaged, documentOf, fromStored, type StoredRow } from './stored-row.js';
import { createReminderQueries } from './reminder-queries.js';
import { createRowQueries } from './row-queries.js';
import { slicesOf, writeSlice } from './row-slices.js';
import { createSharedWrites } from './shared-writes.js';
import { checkpointOf, saveCheckpoint } from './stored-checkpoints.js';
import type { Waiting } from './transact.js';

/** Entries of an index that are passed over take 8 ns each from its beginning, 65 ns each behind a place. */
const SKIPPED_FIRST = 200_000;
const SKIPPED_AT_ONCE = 20_000;

interface Place {
  created_at: string;
  key: string;
}

/** Read models in one SQLite file. Rows come before the checkpoint that stands for them, or in one transaction with it. */
export function openSqliteReadStore(waiting: Waiting): ReadStore {
  const { path, query, inOneFile, look, inTransaction, close } = openReadFile(waiting);
  const watch = createForsakenWatch();
  const isForsaken = (found: Generations): boolean => watch(found, waiting.clock.monotonic());

  function assertOwner(statements: Statements, name: string, projector: string | undefined): void {
    if (checkpointOf(statements, name)?.projector !== projector)
      throw new StoreError('checkpoint_taken', `${path}: ${name} is projected by another one`);
  }

  /** A place of the list that `offset` jobs come before or are at; undefined beyond its end. */
  async function placeBefore(offset: number): Promise<Place | undefined> {
    if (offset === 0) return { created_at: '', key: '' };
    const first = Math.min(offset, SKIPPED_FIRST);
    let place = await query(({ placeAt }) => placeAt.get(first - 1) as Place | undefined);
    for (let left = offset - first; left > 0 && place !== undefined; left -= SKIPPED_AT_ONCE) {
      const { created_at, key }: Place = place;
      const skipped = Math.min(left, SKIPPED_AT_ONCE) - 1;
      place = await query(({ placeAfter }) => placeAfter.get(created_at, key, skipped) as Place | undefined);
    }
    return place;
  }

  const writeShared = createSharedWrites((take) =>
    inTransaction((statements) => {
      writeSlice(placesToWrite(statements, isForsaken), take());
    }),
  );
  const { remindersOf, listReminders } = createReminderQueries(inOneFile, path);
  return {
    ...createRowQueries(query, inOneFile, path),
    async write(changes, checkpoint) {
      const slices = [...slicesOf(changes)];
      if (checkpoint === undefined) {
        for (const slice of slices) await writeShared(slice);
        return;
      }
      const last = slices.pop() ?? [];
      for (const slice of [...slices, last]) {
        await inTransaction((statements) => {
          assertOwner(statements, checkpoint.name, checkpoint.checkpoint.projector);
          writeSlice(placesToWrite(statements, isForsaken), slice);
          if (slice === last) saveCheckpoint(statements, checkpoint.name, checkpoint.checkpoint);
        });
      }
    },
    readCheckpoint: (name) => look((statements) => checkpointOf(statements, name)),
    // At a stretch, however many rows there are: nobody may find rows of one log beside those of another.
    claim: ({ name, checkpoint, instead, emptied }) =>
      inTransaction((statements) => {
        assertOwner(statements, name, instead);
        if (emptied.length > 0) emptyModels(statements, emptied);
        saveCheckpoint(statements, name, checkpoint);
      }),
    async listJobs({ offset, limit }) {
      const total = await query(({ totalJobs }) => totalJobs.get() as number | undefined);
      if (total === undefined) throw damaged(path, 'the number of jobs');
      const place = await placeBefore(offset);
      if (place === undefined) return { jobs: [], total };
      const jobs = await query(({ jobsAfter }) => {
        const rows = jobsAfter.all(place.created_at, place.key, limit) as StoredRow[];
        return rows.map((row) => documentOf('jobs', row, path) as ListedJob);
      });
      return { jobs, total };
    },
    snapshotBefore: (cronId, version) =>
      query(({ snapshotBefore }) => {
        const stored = snapshotBefore.get(cronId, version) as StoredRow | undefined;
        return stored && fromStored('snapshots', stored, path);
      }),
    listRuns: (cronId, { from, to }) =>
      query(({ runRange }) => {
        const rows = runRange.all(cronId, from, to) as StoredRow[];
        return rows.map((row) => documentOf('runs', row, path) as RunDocument);
      }),
    remindersOf,
    listReminders,
    listEvents: (filter) => query((live) => listEvents(live, filter, path)),
    close,
  };
}
