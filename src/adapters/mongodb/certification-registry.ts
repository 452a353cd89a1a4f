import type { Collection } from 'mongodb';
import type { CertificationRegistry } from '../../ports/certification-registry.js';
import { StoreError } from '../../ports/store-error.js';
import { deleteInBatches } from './delete-in-batches.js';
import { inChunks } from './in-chunks.js';
import { insertOrReplace } from './insert-or-replace.js';
import type { Mongo } from './open-mongo.js';
import { withIndexes, type Indexes } from './with-indexes.js';

const COLLECTION = 'certifications';
const INDEXES: Indexes = {
  [COLLECTION]: [{ key: { mentor_id: 1, _id: 1 } }, { key: { source: 1 } }],
};
const CHUNK = 500;
const PAGE = 1_000;
/** A try fails only when others insert the same records at the same moment. */
const TRIES = 5;

/** Other writers may put values of any type into these fields. */
interface StoredRecord {
  _id: string;
  mentor_id: string;
  expires_at: string;
  source: string;
}

/**
 * The registry in a collection whose `_id` is the certification_id. Closing it leaves the shared client open.
 */
export function createMongoRegistry(mongo: Mongo): CertificationRegistry {
  const run = withIndexes(mongo, INDEXES);
  const inRecords = <T>(work: (records: Collection<StoredRecord>) => Promise<T>): Promise<T> =>
    run((database) => work(database.collection<StoredRecord>(COLLECTION)));

  return {
    async upsert(certifications, source) {
      // The last one of a certification_id wins; MongoDB keeps no order within a batch.
      const records = new Map<string, StoredRecord>();
      for (const { certification_id: _id, mentor_id, expires_at } of certifications) {
        records.set(_id, { _id, mentor_id, expires_at, source });
      }
      for (const some of inChunks([...records.values()], CHUNK)) {
        await inRecords((collection) => replaceAll(collection, some));
      }
    },
    async remove(certificationIds) {
      for (const some of inChunks(certificationIds, CHUNK)) {
        await inRecords((records) => records.deleteMany({ _id: { $in: some } }));
      }
    },
    removeAllBut: (source) => inRecords((records) => deleteInBatches(records, { source: { $ne: source } })),
    async *pages() {
      // A cursor, not a query for each page: comparisons in a filter match only values of the same type, and would skip
      // the others. Its order needs the index; without one the server would sort everything first.
      const cursor = await inRecords((records) =>
        Promise.resolve(
          records.find(
            {},
            {
              projection: { mentor_id: 1, expires_at: 1 },
              sort: { mentor_id: 1, _id: 1 },
              batchSize: PAGE,
              // One record with invalid UTF-8 must not end the walk.
              enableUtf8Validation: false,
            },
          ),
        ),
      );
      try {
        while (await mongo.run(() => cursor.hasNext())) {
          yield cursor
            .readBufferedDocuments()
            .map(({ _id, mentor_id, expires_at }) => ({ certification_id: _id, mentor_id, expires_at }));
        }
      } finally {
        await cursor.close();
      }
    },
    count: () => inRecords((records) => records.countDocuments()),
    close: () => Promise.resolve(),
  };
}

/** Retries the whole batch when another writer has inserted some of it meanwhile. */
async function replaceAll(records: Collection<StoredRecord>, batch: readonly StoredRecord[]): Promise<void> {
  const ids = batch.map(({ _id }) => _id);
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await records.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    if (await insertOrReplace(records, batch, new Set(found.map(({ _id }) => _id)))) return;
  }
  throw new StoreError(
    'store_unavailable',
    'MongoDB: others remove and insert the same certifications all the time',
  );
}
