import { createForsakenWatch, type Generations } from '../../ports/read-generations.js';
import type { RunDocument } from '../../ports/read-models.js';
import type { ReadStore } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { countRuns, findRuns } from './find-runs.js';
import { listEvents } from './list-events.js';
import { listJobs } from './list-jobs.js';
import { emptyModels, placesToWrite } from './live-places.js';
import { openReadFile } from './read-file.js';
import type { Statements } from './read-statements.js';
import { documentOf, fromStored, type StoredRow } from './stored-row.js';
import { createReminderQueries } from './reminder-queries.js';
import { createRowQueries } from './row-queries.js';
import { slicesOf, writeSlice } from './row-slices.js';
import { createSharedWrites } from './shared-writes.js';
import { checkpointOf, saveCheckpoint } from './stored-checkpoints.js';
import type { Waiting } from './transact.js';

/** Read models in one SQLite file. Rows come before the checkpoint that stands for them, or in one transaction with it. */
export function openSqliteReadStore(waiting: Waiting): ReadStore {
  const { path, query, inOneFile, inOneGeneration, look, inTransaction, close } = openReadFile(waiting);
  const watch = createForsakenWatch();
  const isForsaken = (found: Generations): boolean => watch(found, waiting.clock.monotonic());

  function assertOwner(statements: Statements, name: string, projector: string | undefined): void {
    if (checkpointOf(statements, name)?.projector !== projector)
      throw new StoreError('checkpoint_taken', `${path}: ${name} is projected by another one`);
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
    listJobs: (asked) => inOneGeneration((inOne) => listJobs(inOne, path, asked)),
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
    findRuns: (asked) => query((live) => findRuns(live, asked, path)),
    countRuns: (filter, most) => query((live) => countRuns(live, filter, most)),
    remindersOf,
    listReminders,
    listEvents: (filter) => query((live) => listEvents(live, filter, path)),
    close,
  };
}
