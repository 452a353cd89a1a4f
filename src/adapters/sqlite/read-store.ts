import {
  modelNames,
  type JobDocument,
  type ModelName,
  type ReadModels,
  type RunDocument,
} from '../../ports/read-models.js';
import type { Checkpoint, ReadStore, Row } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import type { Database } from './driver.js';
import { watchFile } from './file-watch.js';
import { intactDocument, toModelRow, type ModelRow } from './model-row.js';
import { openDatabase, type DatabaseKind } from './open-database.js';
import { markDamaged } from './set-aside.js';
import { whenFree, transact, type Waiting } from './transact.js';

const table = (model: ModelName): string =>
  `CREATE TABLE ${model} (key TEXT PRIMARY KEY, version INTEGER NOT NULL, document TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

const READ_STORE: DatabaseKind = {
  what: 'read store',
  applicationId: 0x63_63_72_64, // "ccrd"
  schemaVersion: 2,
  disposable: true,
  // A power cut loses rows and checkpoint together: the rows are projected again.
  synchronous: 'NORMAL',
  // The tables follow from the models: a file without one of them is made anew, so a new model needs no new version.
  schema: `
    ${modelNames.map(table).join('\n')}
    CREATE TABLE checkpoints (name TEXT PRIMARY KEY, checkpoint TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_in_order
      ON jobs (document->>'created_at', key) WHERE document->>'deleted_at' IS NULL;
    CREATE INDEX runs_of_job ON runs (document->>'cron_id', document->>'run_no');`,
};

const KEYS_PER_QUERY = 500;
const PAGE = 1_000;

/** Read models in one SQLite file: rows and checkpoint are written in one transaction. */
export function openSqliteReadStore(waiting: Waiting): ReadStore {
  const { clock, ids, path, onLost } = waiting;
  const db = openDatabase(path, READ_STORE, ids);
  // Written to without asking: what is lost is made anew.
  const file = watchFile({ path, clock, onLost }, db);
  const ofModel = prepareAll(db);
  const saveCheckpoint = db.prepare(
    'INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint',
  );
  const projectorOf = db
    .prepare(`SELECT coalesce(checkpoint->>'projector', '') FROM checkpoints WHERE name = ?`)
    .pluck();
  const loadCheckpoint = db.prepare('SELECT checkpoint FROM checkpoints WHERE name = ?').pluck();
  const jobPage = db.prepare(
    `SELECT * FROM jobs WHERE document->>'deleted_at' IS NULL ORDER BY document->>'created_at', key LIMIT ? OFFSET ?`,
  );
  const jobCount = db.prepare(`SELECT count(*) FROM jobs WHERE document->>'deleted_at' IS NULL`).pluck();
  const runRange = db.prepare(
    `SELECT * FROM runs WHERE document->>'cron_id' = ? AND document->>'run_no' BETWEEN ? AND ?
     ORDER BY document->>'run_no' DESC`,
  );

  function assertOwner(name: string, projector: string | undefined): void {
    if (projectorOf.get(name) !== projector)
      throw new StoreError('checkpoint_taken', `${path}: ${name} is projected by another one`);
  }

  async function query<T>(read: () => T): Promise<T> {
    return whenFree(waiting, read).catch(noteDamage);
  }

  function noteDamage(error: unknown): never {
    const isOfAPage =
      error instanceof StoreError && error.code === 'store_damaged' && error.cause !== undefined;
    if (isOfAPage && path !== ':memory:') markDamaged(path);
    throw error;
  }

  function toRow<M extends ModelName>(row: ModelRow): Row<ReadModels[M]> {
    return { key: row.key, version: row.version, document: intactDocument(row, path) as ReadModels[M] };
  }

  return {
    async read<M extends ModelName>(model: M, keys: readonly string[]) {
      const found = new Map<string, Row<ReadModels[M]>>();
      for (let at = 0; at < keys.length; at += KEYS_PER_QUERY) {
        const some = keys.slice(at, at + KEYS_PER_QUERY);
        const rows = await query(() => ofModel[model].byKeys.all(JSON.stringify(some)) as ModelRow[]);
        for (const row of rows) found.set(row.key, toRow<M>(row));
      }
      return found;
    },
    async *readAll<M extends ModelName>(model: M) {
      let after = '';
      for (;;) {
        const rows = await query(() => ofModel[model].pageAfter.all(after) as ModelRow[]);
        if (rows.length === 0) return;
        after = rows.at(-1)?.key ?? after;
        yield rows.map((row) => toRow<M>(row));
      }
    },
    async write(changes, checkpoint) {
      if (changes.length === 0 && checkpoint === undefined) return;
      await transact(db, waiting, () => {
        for (const { model, rows } of changes) {
          for (const { key, version, document } of rows)
            ofModel[model].upsert.run(toModelRow(key, version, document));
        }
        if (checkpoint === undefined) return;
        assertOwner(checkpoint.name, checkpoint.checkpoint.projector);
        saveCheckpoint.run(checkpoint.name, JSON.stringify(checkpoint.checkpoint));
      }).catch(noteDamage);
    },
    async readCheckpoint(name) {
      const stored = await query(() => loadCheckpoint.get(name) as string | undefined);
      return stored === undefined ? undefined : withProjector(JSON.parse(stored) as Checkpoint);
    },
    async claim({ name, checkpoint, instead, emptied }) {
      await transact(db, waiting, () => {
        assertOwner(name, instead);
        for (const model of emptied) db.exec(`DELETE FROM ${model}`);
        saveCheckpoint.run(name, JSON.stringify(checkpoint));
      });
    },
    async listJobs({ offset, limit }) {
      return query(() => ({
        jobs: (jobPage.all(limit, offset) as ModelRow[]).map(
          (row) => intactDocument(row, path) as JobDocument,
        ),
        total: jobCount.get() as number,
      }));
    },
    async listRuns(cronId, { from, to }) {
      const rows = await query(() => runRange.all(cronId, from, to) as ModelRow[]);
      return rows.map((row) => intactDocument(row, path) as RunDocument);
    },
    close: () =>
      Promise.resolve().then(() => {
        file.stop();
        db.close();
      }),
  };
}

/** The statements of each model. */
function prepareAll(db: Database): Record<ModelName, ReturnType<typeof prepare>> {
  return Object.fromEntries(modelNames.map((model) => [model, prepare(db, model)])) as Record<
    ModelName,
    ReturnType<typeof prepare>
  >;
}

function prepare(db: Database, model: ModelName) {
  return {
    upsert: db.prepare(
      `INSERT INTO ${model} (key, version, document, checksum) VALUES (@key, @version, @document, @checksum)
       ON CONFLICT (key) DO UPDATE
       SET version = excluded.version, document = excluded.document, checksum = excluded.checksum
       WHERE excluded.version > version`,
    ),
    byKeys: db.prepare(`SELECT * FROM ${model} WHERE key IN (SELECT value FROM json_each(?))`),
    pageAfter: db.prepare(`SELECT * FROM ${model} WHERE key > ? ORDER BY key LIMIT ${PAGE}`),
  };
}

/** Checkpoints from when there was only one projector name none. */
function withProjector(stored: Omit<Checkpoint, 'projector'> & Partial<Checkpoint>): Checkpoint {
  return { ...stored, projector: stored.projector ?? '' };
}
