import type { Collection, Document, Filter } from 'mongodb';

const BATCH = 1_000;

/**
 * Removes all matching documents, however many, in short calls. Resolves with their number.
 * @param goesOn asked before each call
 */
export async function deleteInBatches<D extends Document>(
  collection: Collection<D>,
  filter: Filter<D>,
  goesOn: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = collection.find(filter, {
      projection: { _id: 1 },
      limit: BATCH,
      enableUtf8Validation: false,
    });
    const ids = (await found.toArray()).map(({ _id }) => _id);
    if (ids.length === 0 || !(await goesOn())) return removed;
    // The filter again: a document may have changed meanwhile.
    const { deletedCount } = await collection.deleteMany({
      $and: [filter, { _id: { $in: ids } }],
    } as Filter<D>);
    removed += deletedCount;
    if (deletedCount > 0) continue;
    if (!(await goesOn())) return removed;
    // Ids altered by decoding (invalid UTF-8) match nothing: the rest goes in one call.
    return removed + (await collection.deleteMany(filter)).deletedCount;
  }
}
