import type { Collection } from 'mongodb';
import { listedDay, type StoredRecord } from './registry-record.js';

/**
 * FerretDB 1 holds a connection for each update of a command, see insert-or-replace.ts; MongoDB needs some 60 s for a
 * million records.
 */
const BATCH = 25;

export type InRecords = <T>(work: (records: Collection<StoredRecord>) => Promise<T>) => Promise<T>;

/**
 * Gives those records their day that have none, since an earlier version or another program wrote them; also the status
 * that they stand for. In short steps: several processes may do it at once, and one that ends in between is followed by
 * another.
 */
export async function fillDays(inRecords: InRecords): Promise<void> {
  let before = '';
  for (;;) {
    const found = await inRecords((records) =>
      records
        .find(
          { expires_day: null },
          { projection: { expires_at: 1, status: 1 }, limit: BATCH, enableUtf8Validation: false },
        )
        .toArray(),
    );
    const ids = JSON.stringify(found.map(({ _id }) => _id));
    // Ids that decoding has altered (invalid UTF-8) match nothing: the same ones would come again and again.
    if (found.length === 0 || ids === before) return;
    before = ids;
    const updates = found.map(({ _id, expires_at, status }) => ({
      updateOne: {
        filter: { _id, expires_day: null, ...unchanged(expires_at) },
        update: {
          $set: {
            expires_day: listedDay(_id, expires_at),
            ...(status === undefined && { status: 'active' }),
          },
        },
      },
    }));
    await inRecords((records) => records.bulkWrite(updates, { ordered: false }));
  }
}

/** Another process may have replaced the record since it was read. A value that is no text may be an operator. */
function unchanged(expiresAt: unknown): object {
  return typeof expiresAt === 'string'
    ? { expires_at: expiresAt }
    : { expires_at: { $not: { $type: 'string' } } };
}
