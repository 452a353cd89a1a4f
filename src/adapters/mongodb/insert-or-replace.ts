import type { Collection, Filter, OptionalUnlessRequiredId } from 'mongodb';
import { inChunks } from './in-chunks.js';
import { isDuplicateKey } from './mongo-error.js';

/**
 * FerretDB 1 holds a connection to its own database for each update of a command until the command ends, and hangs
 * when its pool is exhausted: 100, for all clients together.
 */
const REPLACED_AT_ONCE = 25;

/**
 * Inserts the documents whose _id is not in `present`, and upserts the others where `guard` (all, by default) holds;
 * an upsert costs FerretDB far more than an insert.
 * @returns false when an _id was taken, by another writer or because the guard does not hold: then other documents may
 *   be unwritten, too, as FerretDB aborts a command at its first error. Read, and call again
 */
export async function insertOrReplace<D extends { _id: string }>(
  collection: Collection<D>,
  documents: readonly D[],
  present: { has(id: string): boolean },
  guard: (document: D) => object = () => ({}),
): Promise<boolean> {
  let complete = true;
  const missing = documents.filter(({ _id }) => !present.has(_id));
  if (missing.length > 0) {
    const inserts = missing as unknown as OptionalUnlessRequiredId<D>[];
    complete = await wasNoneTaken(collection.insertMany(inserts, { ordered: false }));
  }
  const others = documents.filter(({ _id }) => present.has(_id));
  for (const some of inChunks(others, REPLACED_AT_ONCE)) {
    const replacements = some.map((document) => {
      const { _id, ...replacement } = document;
      const filter = { _id, ...guard(document) } as unknown as Filter<D>;
      return { replaceOne: { filter, replacement, upsert: true } };
    });
    complete = (await wasNoneTaken(collection.bulkWrite(replacements, { ordered: false }))) && complete;
  }
  return complete;
}

async function wasNoneTaken(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}
