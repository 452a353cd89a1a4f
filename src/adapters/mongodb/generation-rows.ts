import type { Collection, Filter, IndexDescription } from 'mongodb';
import { modelNames, type ModelName, type ReadModels } from '../../ports/read-models.js';
import type { Change, Row } from '../../ports/read-store.js';
import { EVENT_INDEXES } from './audit-queries.js';
import { inChunks } from './in-chunks.js';
import { JOB_INDEXES } from './job-queries.js';
import type { Mongo } from './open-mongo.js';
import type { RowQuery } from './reminder-queries.js';
import { RUN_INDEXES } from './run-queries.js';
import { toRow, toStored, type StoredRow } from './stored-row.js';
import { withIndexes } from './with-indexes.js';
import { byKeys, writeRows } from './write-rows.js';

const INDEXES: Record<ModelName, readonly IndexDescription[]> = {
  jobs: JOB_INDEXES,
  snapshots: [{ key: { 'document.cron_id': 1, version: -1 } }],
  runs: RUN_INDEXES,
  reminders: [
    { key: { 'document.certification_id': 1 } },
    { key: { 'document.run_id': 1, 'document.mentor_id': 1, 'document.certification_id': 1 } },
  ],
  audit: EVENT_INDEXES,
};
const CHUNK = 500;
const PAGE = 1_000;

/** The rows of one generation, in collections of its own. Every call may throw StoreError. */
export interface RowsOfGeneration {
  inModel: <T>(model: ModelName, work: (rows: Collection<StoredRow>) => Promise<T>) => Promise<T>;
  find: <M extends ModelName>(model: M, query: RowQuery) => Promise<Row<ReadModels[M]>[]>;
  /** However many rows there are, each batch is parsed in a turn of its own. */
  batches: <M extends ModelName>(model: M, query: RowQuery) => AsyncGenerator<Row<ReadModels[M]>[]>;
  read: <M extends ModelName>(model: M, keys: readonly string[]) => Promise<Map<string, Row<ReadModels[M]>>>;
  /** Rows in the order of their keys; none at the end. */
  pageAfter: <M extends ModelName>(model: M, key: string | undefined) => Promise<Row<ReadModels[M]>[]>;
  write: (changes: readonly Change[]) => Promise<void>;
}

/** The first generation has the names of the models alone. */
function collectionOf(model: ModelName, generation: number): string {
  return generation === 0 ? model : `${model}_${generation}`;
}

/** @returns a function that gives the rows of a generation, whose collections and indexes are made with the first call */
export function createGenerationRows(mongo: Mongo): (generation: number) => RowsOfGeneration {
  const known = new Map<number, RowsOfGeneration>();
  return (generation) => {
    const rows = known.get(generation) ?? createRows(mongo, generation);
    known.set(generation, rows);
    return rows;
  };
}

function createRows(mongo: Mongo, generation: number): RowsOfGeneration {
  const indexes = modelNames.map((model) => [collectionOf(model, generation), INDEXES[model]] as const);
  const run = withIndexes(mongo, Object.fromEntries(indexes));
  const inModel: RowsOfGeneration['inModel'] = (model, work) =>
    run((database) => work(database.collection<StoredRow>(collectionOf(model, generation))));

  async function find<M extends ModelName>(model: M, { filter, ...options }: RowQuery) {
    const stored = await inModel(model, (rows) => rows.find(filter, options).toArray());
    return stored.map((row) => toRow(model, row));
  }

  return {
    inModel,
    find,
    async *batches<M extends ModelName>(model: M, { filter, ...options }: RowQuery) {
      const cursor = await inModel(model, (rows) =>
        Promise.resolve(rows.find(filter, options).batchSize(CHUNK)),
      );
      try {
        while (await mongo.run(() => cursor.hasNext()))
          yield cursor.readBufferedDocuments().map((row) => toRow(model, row));
      } finally {
        await cursor.close();
      }
    },
    async read<M extends ModelName>(model: M, keys: readonly string[]) {
      const found = new Map<string, Row<ReadModels[M]>>();
      for (const some of inChunks([...new Set(keys)], CHUNK)) {
        for (const row of await find(model, { filter: byKeys(some) })) found.set(row.key, row);
      }
      return found;
    },
    pageAfter(model, key) {
      const filter: Filter<StoredRow> = key === undefined ? {} : { _id: { $gt: key } };
      return find(model, { filter, sort: { _id: 1 }, limit: PAGE });
    },
    async write(changes) {
      for (const { model, rows } of changes) {
        for (const some of inChunks(newestOf(model, rows), CHUNK))
          await inModel(model, (collection) => writeRows(collection, some));
      }
    },
  };
}

/** One row a key, as MongoDB keeps no order within a batch: the first one of the highest version. */
function newestOf<M extends ModelName>(model: M, rows: readonly Row<ReadModels[M]>[]): StoredRow[] {
  const newest = new Map<string, Row<ReadModels[M]>>();
  for (const row of rows) {
    if (row.version > (newest.get(row.key)?.version ?? -Infinity)) newest.set(row.key, row);
  }
  return [...newest.values()].map((row) => toStored(model, row));
}
