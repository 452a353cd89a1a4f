import type { Collection } from 'mongodb';
import { StoreError } from '../../ports/store-error.js';
import { insertOrReplace } from './insert-or-replace.js';
import { versionOf, type StoredRow } from './stored-row.js';

/** A round fails only when another writer interferes, which has then made progress. */
const ROUNDS = 20;

const onlyNewer = ({ version }: StoredRow): object => ({ version: { $lt: version } });

/**
 * Writes rows of different keys, except those whose stored version is the same or higher. The version is checked
 * twice: in advance, so that few writes are refused; and by the server with each write, which alone is safe. A refusal
 * is a duplicate key, since the upsert does not match and then finds the _id taken. The next round reads which rows of
 * the batch were written.
 */
export async function writeRows(
  collection: Collection<StoredRow>,
  rows: readonly StoredRow[],
): Promise<void> {
  let missing = rows;
  for (let round = 0; round < ROUNDS; round++) {
    const versions = await readVersions(collection, missing);
    missing = missing.filter(({ _id, version }) => version > (versions.get(_id) ?? -Infinity));
    if (missing.length === 0) return;
    if (await insertOrReplace(collection, missing, versions, onlyNewer)) return;
  }
  throw new StoreError(
    'store_unavailable',
    `MongoDB: others write the same rows of ${collection.collectionName} all the time`,
  );
}

async function readVersions(
  collection: Collection<StoredRow>,
  rows: readonly StoredRow[],
): Promise<Map<string, number>> {
  const found = await collection
    .find(byKeys(rows.map(({ _id }) => _id)), { projection: { version: 1 } })
    .toArray();
  return new Map(
    found.map((stored) => {
      const { key, version } = versionOf(collection.collectionName, stored);
      return [key, version];
    }),
  );
}

/** FerretDB finds a single _id by its index, but reads the whole collection for $in. */
export function byKeys(keys: readonly string[]): { _id: string | { $in: string[] } } {
  const [only] = keys;
  return { _id: keys.length === 1 && only !== undefined ? only : { $in: [...keys] } };
}
