import type { Collection, Filter } from 'mongodb';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.js';
import {
  EMPTYING,
  type Checkpoint,
  type Claim,
  type NamedCheckpoint,
  type ReadStore,
} from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { eventQuery } from './audit-queries.js';
import { deleteInBatches } from './delete-in-batches.js';
import { createGenerationRows, type RowsOfGeneration } from './generation-rows.js';
import { createGenerationsRecord, createKnownGenerations } from './known-generations.js';
import { listJobs } from './job-queries.js';
import { isDuplicateKey } from './mongo-error.js';
import type { Mongo } from './open-mongo.js';
import { createReminderQueries } from './reminder-queries.js';
import { countRuns, findRuns } from './run-queries.js';
import { parse } from './stored-row.js';

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
export function createMongoReadStore(mongo: Mongo, clock: Clock): ReadStore {
  const { reading, toWrite, endRebuild } = createKnownGenerations(createGenerationsRecord(mongo), clock);
  const rowsOf = createGenerationRows(mongo);
  const inCheckpoints = <T>(work: (checkpoints: Collection<StoredCheckpoint>) => Promise<T>): Promise<T> =>
    mongo.run((database) => work(database.collection<StoredCheckpoint>('checkpoints')));
  const fromLive = <T>(work: (rows: RowsOfGeneration) => Promise<T>): Promise<T> =>
    reading((live) => work(rowsOf(live)));

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
    // What a rebuild has made so far may be of another log, or of another version. One that begins now sees the mark.
    const { inModel } = rowsOf(await endRebuild());
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

  return {
    read: (model, keys) => fromLive((rows) => rows.read(model, keys)),
    async *readAll(model) {
      for (let after: string | undefined; ;) {
        const place = after;
        const rows = await fromLive((live) => live.pageAfter(model, place));
        after = rows.at(-1)?.key;
        if (after === undefined) return;
        yield rows;
      }
    },
    async write(changes, checkpoint) {
      if (changes.length > 0)
        for (const generation of await toWrite()) await rowsOf(generation).write(changes);
      if (checkpoint !== undefined) await replaceOf(checkpoint.checkpoint.projector, checkpoint);
    },
    readCheckpoint,
    claim: (claim) => (claim.emptied.length > 0 ? empty(claim) : replaceOf(claim.instead, claim)),
    listJobs: (asked) => fromLive((rows) => listJobs(rows, asked)),
    snapshotBefore: (cronId, version) =>
      fromLive(async ({ find }) => {
        const filter = { 'document.cron_id': cronId, version: { $lte: version } };
        const [newest] = await find('snapshots', { filter, sort: { version: -1 }, limit: 1 });
        return newest;
      }),
    listRuns: (cronId, { from, to }) =>
      fromLive(async ({ find }) => {
        const filter = { 'document.cron_id': cronId, 'document.run_no': { $gte: from, $lte: to } };
        const rows = await find('runs', { filter, sort: { 'document.run_no': -1 } });
        return rows.map(({ document }) => document);
      }),
    findRuns: (asked) => fromLive((rows) => findRuns(rows, asked)),
    countRuns: (filter, most) => fromLive((rows) => countRuns(rows, filter, most)),
    remindersOf: (certificationIds) =>
      fromLive((rows) => createReminderQueries(rows.batches).remindersOf(certificationIds)),
    listReminders: (runId, page) =>
      fromLive((rows) => createReminderQueries(rows.batches).listReminders(runId, page)),
    listEvents: (filter) =>
      fromLive(({ find }) => (filter.limit === 0 ? Promise.resolve([]) : find('audit', eventQuery(filter)))),
    close: () => Promise.resolve(),
  };
}
