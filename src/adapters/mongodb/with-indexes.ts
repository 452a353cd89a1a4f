import { MongoServerError, type Collection, type IndexDescription } from 'mongodb';
import type { Mongo } from './open-mongo.js';

const NO_SUCH_COLLECTION = 26;

/** By collection. */
export type Indexes = Readonly<Record<string, readonly IndexDescription[]>>;

/**
 * `mongo.run` that first creates the missing indexes, and retries that after a failure. Leaves existing ones alone:
 * FerretDB 1 closes the connection on an attempt to create them again.
 * The server finishes an index build that outlasts the call.
 */
export function withIndexes(mongo: Mongo, indexes: Indexes): Mongo['run'] {
  let created: Promise<void> | undefined;

  async function create(): Promise<void> {
    try {
      await mongo.run(async (database) => {
        for (const [collection, ofCollection] of Object.entries(indexes)) {
          const missing = await missingFrom(database.collection(collection), ofCollection);
          if (missing.length > 0) await database.collection(collection).createIndexes(missing);
        }
      });
    } catch (error) {
      created = undefined;
      throw error;
    }
  }

  return async (work) => {
    await (created ??= create());
    return mongo.run(work);
  };
}

async function missingFrom(
  collection: Collection,
  wanted: readonly IndexDescription[],
): Promise<IndexDescription[]> {
  if (wanted.length === 0) return [];
  const found = await collection
    .listIndexes()
    .toArray()
    .catch((error: unknown) => {
      if (error instanceof MongoServerError && error.code === NO_SUCH_COLLECTION) return [];
      throw error;
    });
  const keys = new Set(found.map(({ key }) => JSON.stringify(key)));
  return wanted.filter(({ key }) => !keys.has(JSON.stringify(key)));
}
