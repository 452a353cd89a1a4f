import { expect, it } from '@jest/globals';
import type { Collection } from 'mongodb';
import { deleteInBatches } from '../../../src/adapters/mongodb/delete-in-batches.js';

/** A collection whose documents another client removes between the look and the delete. */
function collectionEmptiedByOthers(deleted: object[]): Collection {
  return {
    find: () => ({ toArray: () => Promise.resolve([{ _id: 'row' }]) }),
    deleteMany: (filter: object) => {
      deleted.push(filter);
      return Promise.resolve({ deletedCount: 0 });
    },
  } as unknown as Collection;
}

it('asks before each call, also before the one that removes all that is left', async () => {
  const answers = [true, false];
  const deleted: object[] = [];
  const removed = await deleteInBatches(collectionEmptiedByOthers(deleted), {}, () =>
    Promise.resolve(answers.shift() ?? false),
  );
  expect({ removed, deleted }).toEqual({ removed: 0, deleted: [{ $and: [{}, { _id: { $in: ['row'] } }] }] });
});

it('removes what cannot be named in one call', async () => {
  const deleted: object[] = [];
  await deleteInBatches(collectionEmptiedByOthers(deleted), { source: 'a' });
  expect(deleted.at(-1)).toEqual({ source: 'a' });
});
