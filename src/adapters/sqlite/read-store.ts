import { statSync } from 'node:fs';
import type { ModelName, ReadModels, RunDocument } from '../../ports/read-models.js';
import type { Checkpoint, ListedJob, ReadStore, Row } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { checksumOf } from '../checksum-of.js';
import { openDatabase } from './open-database.js';
import { listEvents } from './list-events.js';
import { READ_STORE } from './read-schema.js';
import { documentOf, fromStored, toStored, type StoredRow } from './read-tables.js';
import { openStatements, type Statements } from './read-statements.js';
import { createReminderQueries, type Query } from './reminder-queries.js';
import { slicesOf } from './row-slices.js';
import { markDamaged } from './set-aside.js';
import { toStoreError } from './sqlite-error.js';
import { transact, whenFree, type Waiting } from './transact.js';

/** Each query is synchronous, and blocks the process for 1 to 2 ms at most. */
const KEYS_PER_QUERY = 50;
/** Entries of an index that are passed over take 8 ns each from its beginning, 65 ns each behind a place. */
const SKIPPED_FIRST = 200_000;
const SKIPPED_AT_ONCE = 20_000;

/** Stands for one that is not what was written: it is nobody's, and of no version, so the models are made anew. */
const DAMAGED: Checkpoint = { position: '', event: null, projection_version: 0, projector: '' };

interface Place {
  created_at: string;
  key: string;
}

/** Read models in one SQLite file. Rows come before the checkpoint that stands for them, or in one transaction with it. */
export function openSqliteReadStore(waiting: Waiting): ReadStore {
  const { ids, path, onLost } = waiting;
  let opened = open();
  let isGone = false;

  function open() {
    const db = openDatabase(path, READ_STORE, ids);
    try {
      return { ...openStatements(db), inode: inodeOf(path) };
    } catch (error) {
      db.close();
      throw toStoreError(error, path);
    }
  }

  /**
   * Another process that shares the folder may have set the file aside, and made it anew. One that is only gone serves
   * on: what is written there is made anew from the log.
   */
  function current(): Statements {
    const inode = inodeOf(path);
    if (inode === opened.inode) isGone = false;
    if (inode === opened.inode || (inode === undefined && isGone)) return opened;
    isGone = inode === undefined;
    if (!isGone) {
      const { db } = opened;
      opened = open();
      db.close();
    }
    const what = isGone ? 'removed' : 'replaced';
    onLost?.(new StoreError('store_damaged', `${path} was ${what} while it was in use`));
    return opened;
  }

  /** One synchronous piece of work on the file. @throws StoreError */
  function query<T>(work: (statements: Statements) => T): Promise<T> {
    return whenFree(waiting, () => work(current())).catch(noteDamage);
  }

  /** For an answer in several pieces: the rest of another file would look like all there is. */
  function inOneFile(): Query {
    let file: Statements['db'] | undefined;
    return (work) =>
      query((statements) => {
        file ??= statements.db;
        if (statements.db !== file)
          throw new StoreError('store_unavailable', `${path} was replaced while it was read`);
        return work(statements);
      });
  }

  function inTransaction<T>(work: (statements: Statements) => T): Promise<T> {
    return transact(
      () => current().db,
      waiting,
      () => work(opened),
    ).catch(noteDamage);
  }

  function noteDamage(error: unknown): never {
    const isOfAPage =
      error instanceof StoreError && error.code === 'store_damaged' && error.cause !== undefined;
    if (isOfAPage && path !== ':memory:') markDamaged(path);
    throw error;
  }

  function checkpointOf(name: string): Checkpoint | undefined {
    const stored = opened.loadCheckpoint.get(name) as { checkpoint: string; checksum: number } | undefined;
    if (stored === undefined) return undefined;
    const { checkpoint, checksum } = stored;
    return checksumOf(name, checkpoint) === checksum ? (JSON.parse(checkpoint) as Checkpoint) : DAMAGED;
  }

  function save(name: string, checkpoint: Checkpoint): void {
    const text = JSON.stringify(checkpoint);
    opened.saveCheckpoint.run(name, text, checksumOf(name, text));
  }

  function assertOwner(name: string, projector: string | undefined): void {
    if (checkpointOf(name)?.projector !== projector)
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

  const { remindersOf, listReminders } = createReminderQueries(inOneFile, path);
  return {
    async read<M extends ModelName>(model: M, keys: readonly string[]) {
      const found = new Map<string, Row<ReadModels[M]>>();
      for (let at = 0; at < keys.length; at += KEYS_PER_QUERY) {
        const some = keys.slice(at, at + KEYS_PER_QUERY);
        await query(({ ofModel }) => {
          for (const stored of ofModel[model].byKeys.all(JSON.stringify(some)) as StoredRow[])
            found.set(stored.key, fromStored(model, stored, path));
        });
      }
      return found;
    },
    async *readAll<M extends ModelName>(model: M) {
      let after = 0;
      const ofOneFile = inOneFile();
      for (;;) {
        const rows = await ofOneFile(({ ofModel }) => {
          const stored = ofModel[model].pageAfter.all(after) as StoredRow[];
          after = stored.at(-1)?.id ?? after;
          return stored.map((row) => fromStored(model, row, path));
        });
        if (rows.length === 0) return;
        yield rows;
      }
    },
    async write(changes, checkpoint) {
      const slices = [...slicesOf(changes)];
      if (slices.length === 0 && checkpoint === undefined) return;
      const last = slices.pop() ?? [];
      for (const slice of [...slices, last]) {
        await inTransaction(({ ofModel }) => {
          if (checkpoint !== undefined) assertOwner(checkpoint.name, checkpoint.checkpoint.projector);
          for (const { model, row } of slice) ofModel[model].upsert.run(toStored(model, row));
          if (checkpoint !== undefined && slice === last) save(checkpoint.name, checkpoint.checkpoint);
        });
      }
    },
    readCheckpoint: (name) => query(() => checkpointOf(name)),
    // At a stretch, however many rows there are: nobody may find rows of one log beside those of another.
    claim: ({ name, checkpoint, instead, emptied }) =>
      inTransaction(({ db }) => {
        assertOwner(name, instead);
        // Without a condition SQLite drops whole pages.
        for (const model of emptied) db.exec(`DELETE FROM ${model}`);
        if (emptied.includes('jobs')) db.exec('UPDATE totals SET listed_jobs = 0');
        save(name, checkpoint);
      }),
    async listJobs({ offset, limit }) {
      const total = await query(({ totalJobs }) => totalJobs.get() as number);
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
        const row = snapshotBefore.get(cronId, version) as StoredRow | undefined;
        return row && fromStored('snapshots', row, path);
      }),
    listRuns: (cronId, { from, to }) =>
      query(({ runRange }) => {
        const rows = runRange.all(cronId, from, to) as StoredRow[];
        return rows.map((row) => documentOf('runs', row, path) as RunDocument);
      }),
    remindersOf,
    listReminders,
    listEvents: (filter) => query((statements) => listEvents(statements, filter, path)),
    close: () =>
      Promise.resolve().then(() => {
        opened.db.close();
      }),
  };
}

/** Identifies the file at a path; undefined when there is none. */
function inodeOf(path: string): number | undefined {
  return path === ':memory:' ? undefined : statSync(path, { throwIfNoEntry: false })?.ino;
}
