import type { Collection, Filter } from 'mongodb';
import { CERTIFICATION_STATUSES } from '../../ports/certification-registry.js';
import type {
  CertificationRegistry,
  CertificationStatus,
  StoredCertification,
} from '../../ports/certification-registry.js';
import type { Clock } from '../../ports/clock.js';
import { StoreError } from '../../ports/store-error.js';
import { inTime } from '../../waiting/in-time.js';
import { deleteInBatches } from './delete-in-batches.js';
import { inChunks } from './in-chunks.js';
import { insertOrReplace } from './insert-or-replace.js';
import { listRecords } from './list-records.js';
import type { Mongo } from './open-mongo.js';
import { createRegistryChanges } from './registry-changes.js';
import { fillDays } from './registry-days.js';
import { RECORD_FIELDS, toRecord, toStoredRecord, type StoredRecord } from './registry-record.js';
import { withIndexes, type Indexes } from './with-indexes.js';

const COLLECTION = 'certifications';
const INDEXES: Indexes = {
  [COLLECTION]: [
    { key: { mentor_id: 1, _id: 1 } },
    { key: { source: 1 } },
    { key: { expires_day: 1, _id: 1 } },
    { key: { type: 1, expires_day: 1, _id: 1 } },
    { key: { labels: 1, expires_day: 1, _id: 1 } },
    { key: { status: 1, expires_day: 1, _id: 1 } },
  ],
};
const CHUNK = 500;
const PAGE = 1_000;
/** A try fails only when others insert the same records at the same moment. */
const TRIES = 5;
/** A request for a list is not kept waiting for longer while records of an earlier version get their day. */
const LISTABLE_WITHIN_MS = 5_000;

/**
 * The registry in a collection whose `_id` is the certification_id. Closing it leaves the shared client open.
 */
export function createMongoRegistry(mongo: Mongo, clock: Clock): CertificationRegistry {
  const run = withIndexes(mongo, INDEXES);
  const inRecords = <T>(work: (records: Collection<StoredRecord>) => Promise<T>): Promise<T> =>
    run((database) => work(database.collection<StoredRecord>(COLLECTION)));
  const changes = createRegistryChanges(run, COLLECTION, clock);
  let filling: Promise<true> | undefined;

  async function write<T>(isFilled: boolean, work: () => Promise<T>): Promise<T> {
    await changes.begin();
    const result = await work();
    await changes.note(isFilled);
    return result;
  }

  /** Of all calls at a time one fills, also when its own caller has stopped waiting. */
  async function fillInTime(): Promise<void> {
    filling ??= fillDays(inRecords)
      .then(() => true as const)
      .finally(() => (filling = undefined));
    if ((await inTime(clock, LISTABLE_WITHIN_MS, filling)) === true) return;
    throw new StoreError(
      'store_unavailable',
      'MongoDB: certifications of an earlier version are being prepared for lists: try again in a minute',
    );
  }

  /**
   * A cursor, not a query for each page: comparisons in a filter match only values of the same type, and would skip the
   * others. Its order needs the index; without one the server would sort everything first.
   */
  async function* inPages(filter: Filter<StoredRecord>): AsyncGenerator<StoredCertification[]> {
    const cursor = await inRecords((records) =>
      Promise.resolve(
        records.find(filter, {
          projection: RECORD_FIELDS,
          sort: { mentor_id: 1, _id: 1 },
          batchSize: PAGE,
          // One record with invalid UTF-8 must not end the walk.
          enableUtf8Validation: false,
        }),
      ),
    );
    try {
      while (await mongo.run(() => cursor.hasNext())) yield cursor.readBufferedDocuments().map(toRecord);
    } finally {
      await cursor.close();
    }
  }

  return {
    async upsert(certifications, source) {
      // The last one of a certification_id wins; MongoDB keeps no order within a batch.
      const records = new Map(
        certifications.map((each) => [each.certification_id, toStoredRecord(each, source)]),
      );
      await write(records.size > 0, async () => {
        for (const some of inChunks([...records.values()], CHUNK)) {
          await inRecords((collection) => replaceAll(collection, some));
        }
      });
    },
    async remove(certificationIds) {
      await write(false, async () => {
        for (const some of inChunks(certificationIds, CHUNK)) {
          await inRecords((records) => records.deleteMany({ _id: { $in: some } }));
        }
      });
    },
    removeAllBut: (source) =>
      write(false, () => inRecords((records) => deleteInBatches(records, { source: { $ne: source } }))),
    pages: () => inPages({}),
    async find(certificationId) {
      const options = { projection: RECORD_FIELDS, enableUtf8Validation: false };
      const found = await inRecords((records) => records.findOne({ _id: certificationId }, options));
      return found === null ? undefined : toRecord(found);
    },
    pagesOf: (mentorId) => inPages({ mentor_id: mentorId }),
    async list(query) {
      await fillInTime();
      return listRecords(inRecords, query);
    },
    async summary() {
      const last_changed_at = await changes.last();
      const [total, counts] = await inRecords((records) =>
        Promise.all([
          records.countDocuments(),
          Promise.all(
            CERTIFICATION_STATUSES.map(async (status) => [
              status,
              await records.countDocuments(withStatus(status)),
            ]),
          ),
        ]),
      );
      const by_status = Object.fromEntries(counts) as Record<CertificationStatus, number>;
      return { total, by_status, last_changed_at };
    },
    close: () => Promise.resolve(),
  };
}

/** A record without a status was written by an earlier version, or by another program: it is active. */
function withStatus(status: CertificationStatus): Filter<StoredRecord> {
  return status === 'active' ? { $or: [{ status }, { status: { $exists: false } }] } : { status };
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
