import type { Collection, Filter, IndexDescription } from 'mongodb';
import * as z from 'zod';
import type { ModelName, ReadModels } from '../../ports/read-models.js';
import {
  EMPTYING,
  type Checkpoint,
  type Claim,
  type NamedCheckpoint,
  type ReadStore,
  type Row,
} from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { deleteInBatches } from './delete-in-batches.js';
import { inChunks } from './in-chunks.js';
import { EVENT_INDEXES, eventQuery } from './audit-queries.js';
import { isDuplicateKey } from './mongo-error.js';
import type { Mongo } from './open-mongo.js';
import { createReminderQueries, type RowQuery } from './reminder-queries.js';
import { parse, toListed, toRow, toStored, type StoredRow } from './stored-row.js';
import { withIndexes, type Indexes } from './with-indexes.js';
import { byKeys, writeRows } from './write-rows.js';

const INDEXES: Indexes & Record<ModelName, readonly IndexDescription[]> = {
  jobs: [{ key: { 'document.deleted_at': 1, 'document.created_at': 1, _id: 1 } }],
  snapshots: [{ key: { 'document.cron_id': 1, version: -1 } }],
  runs: [{ key: { 'document.cron_id': 1, 'document.run_no': 1 } }],
  reminders: [
    { key: { 'document.certification_id': 1 } },
    { key: { 'document.run_id': 1, 'document.mentor_id': 1, 'document.certification_id': 1 } },
  ],
  audit: EVENT_INDEXES,
};
const CHUNK = 500;
const PAGE = 1_000;

interface StoredCheckpoint {
  _id: string;
  checkpoint: Checkpoint;
}

const checkpointSchema = z.object({
  _id: z.string(),
  checkpoint: z.object({
    position: z.string(),
    event: z.object({ position: z.string(), id: z.string() }).nullable(),
    projection_version: z.number(),
    projector: z.string().default(''),
  }),
});

/**
 * Read models in MongoDB, one collection each. Rows and checkpoint are not written atomically: a crash in between
 * leaves the checkpoint behind, never ahead, and the redelivered rows are then refused.
 * Closing it leaves the shared client open.
 */
export function createMongoReadStore(mongo: Mongo): ReadStore {
  const run = withIndexes(mongo, INDEXES);
  const inModel = <T>(model: ModelName, work: (rows: Collection<StoredRow>) => Promise<T>): Promise<T> =>
    run((database) => work(database.collection<StoredRow>(model)));
  const inCheckpoints = <T>(work: (checkpoints: Collection<StoredCheckpoint>) => Promise<T>): Promise<T> =>
    run((database) => work(database.collection<StoredCheckpoint>('checkpoints')));

  async function find<M extends ModelName>(
    model: M,
    { filter, ...options }: RowQuery,
  ): Promise<Row<ReadModels[M]>[]> {
    const stored = await inModel(model, (rows) => rows.find(filter, options).toArray());
    return stored.map((row) => toRow(model, row));
  }

  /** However many rows there are, each batch is parsed in a turn of its own. */
  async function* batches<M extends ModelName>(
    model: M,
    { filter, ...options }: RowQuery,
  ): AsyncGenerator<Row<ReadModels[M]>[]> {
    const cursor = await inModel(model, (rows) =>
      Promise.resolve(rows.find(filter, options).batchSize(CHUNK)),
    );
    try {
      while (await mongo.run(() => cursor.hasNext())) {
        yield cursor.readBufferedDocuments().map((row) => toRow(model, row));
      }
    } finally {
      await cursor.close();
    }
  }

  /** @param owner of the checkpoint to replace; undefined when there is none */
  async function replaceOf(owner: string | undefined, { name, checkpoint }: NamedCheckpoint): Promise<void> {
    const taken = new StoreError('checkpoint_taken', `MongoDB: ${name} is projected by another one`);
    if (owner === undefined) {
      try {
        await inCheckpoints((checkpoints) => checkpoints.insertOne({ _id: name, checkpoint }));
        return;
      } catch (error) {
        if (error instanceof Error && isDuplicateKey(error.cause)) throw taken;
        throw error;
      }
    }
    const projector = owner === '' ? { $in: [null, ''] } : owner;
    const filter: Filter<StoredCheckpoint> = { _id: name, 'checkpoint.projector': projector };
    const { matchedCount } = await inCheckpoints((checkpoints) =>
      checkpoints.replaceOne(filter, { checkpoint }),
    );
    if (matchedCount === 0) throw taken;
  }

  async function readCheckpoint(name: string): Promise<Checkpoint | undefined> {
    const stored = await inCheckpoints((checkpoints) => checkpoints.findOne({ _id: name }));
    return stored === null ? undefined : parse(checkpointSchema, 'checkpoints', stored).checkpoint;
  }

  /** Meanwhile a mark replaces the checkpoint: a projector that finds it empties the models, too. */
  async function empty({ name, checkpoint, instead, emptied }: Claim): Promise<void> {
    const mark = { ...checkpoint, projection_version: EMPTYING };
    await replaceOf(instead, { name, checkpoint: mark });
    const isOurs = async (): Promise<boolean> =>
      (await readCheckpoint(name))?.projector === checkpoint.projector;
    for (const model of emptied) await inModel(model, (rows) => deleteInBatches(rows, {}, isOurs));
    try {
      await replaceOf(checkpoint.projector, { name, checkpoint });
    } catch (error) {
      // Another projector has claimed it by now. Our last delete may have removed its rows, and it may have left old
      // rows behind: the mark makes it, or the next projector, empty the models again.
      await inCheckpoints((checkpoints) => checkpoints.replaceOne({ _id: name }, { checkpoint: mark }));
      throw error;
    }
  }

  const { remindersOf, listReminders } = createReminderQueries((query) => batches('reminders', query));
  return {
    async read<M extends ModelName>(model: M, keys: readonly string[]) {
      const found = new Map<string, Row<ReadModels[M]>>();
      for (const some of inChunks([...new Set(keys)], CHUNK)) {
        for (const row of await find(model, { filter: byKeys(some) })) found.set(row.key, row);
      }
      return found;
    },
    async *readAll<M extends ModelName>(model: M) {
      let filter: Filter<StoredRow> = {};
      for (;;) {
        const rows = await find(model, { filter, sort: { _id: 1 }, limit: PAGE });
        const last = rows.at(-1);
        if (last === undefined) return;
        yield rows;
        filter = { _id: { $gt: last.key } };
      }
    },
    async write(changes, checkpoint) {
      for (const { model, rows } of changes) {
        for (const some of inChunks(newestOf(model, rows), CHUNK)) {
          await inModel(model, (collection) => writeRows(collection, some));
        }
      }
      if (checkpoint !== undefined) await replaceOf(checkpoint.checkpoint.projector, checkpoint);
    },
    readCheckpoint,
    claim: (claim) => (claim.emptied.length > 0 ? empty(claim) : replaceOf(claim.instead, claim)),
    async listJobs({ offset, limit }) {
      const filter = { 'document.deleted_at': null };
      const sort = { 'document.created_at': 1, _id: 1 } as const;
      const options = { sort, skip: offset, limit, projection: { 'document.state': 0 } };
      const [total, rows] = await Promise.all([
        inModel('jobs', (jobs) => jobs.countDocuments(filter)),
        // Zero means "all" to MongoDB.
        limit === 0 ? [] : inModel('jobs', (jobs) => jobs.find(filter, options).toArray()),
      ]);
      return { jobs: rows.map(toListed), total };
    },
    async snapshotBefore(cronId, version) {
      const filter = { 'document.cron_id': cronId, version: { $lte: version } };
      const [newest] = await find('snapshots', { filter, sort: { version: -1 }, limit: 1 });
      return newest;
    },
    async listRuns(cronId, { from, to }) {
      const filter = { 'document.cron_id': cronId, 'document.run_no': { $gte: from, $lte: to } };
      const rows = await find('runs', { filter, sort: { 'document.run_no': -1 } });
      return rows.map(({ document }) => document);
    },
    remindersOf,
    listReminders,
    listEvents: (filter) => (filter.limit === 0 ? Promise.resolve([]) : find('audit', eventQuery(filter))),
    close: () => Promise.resolve(),
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
