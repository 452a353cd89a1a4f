import type { IndexDescription } from 'mongodb';
import type { Mongo } from './open-mongo.js';

/** By collection. */
export type Indexes = Readonly<Record<string, readonly IndexDescription[]>>;

/**
 * `mongo.run`, before whose first work the indexes are created; again after a failure. Those that exist cost nothing.
 * One that takes longer to build than a call may last is finished by the server all the same.
 */
export function withIndexes(mongo: Mongo, indexes: Indexes): Mongo['run'] {
  let created: Promise<void> | undefined;

  async function create(): Promise<void> {
    try {
      await mongo.run(async (database) => {
        for (const [collection, ofCollection] of Object.entries(indexes)) {
          await database.collection(collection).createIndexes([...ofCollection]);
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
