import { createMongoGenerations } from '../../src/adapters/mongodb/read-generations.js';
import { createMongoReadStore } from '../../src/adapters/mongodb/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import type { Db } from 'mongodb';
import type { Mongo } from '../../src/adapters/mongodb/open-mongo.js';
import { hasAtomicUpdates, openMongoDatabase } from '../servers/mongo-database.js';
import { describeWithServer } from '../servers/with-server.js';
import { readStoreContract } from './read-store.contract.js';
import { rebuildContract } from './rebuild.contract.js';

describeWithServer('mongodb', 'on MongoDB', (url) => {
  const open = async () => {
    const database = await openMongoDatabase(url);
    return { ...createMongoReadStore(database.mongo, systemClock), close: () => database.close() };
  };
  readStoreContract('MongoDB', open, () => hasAtomicUpdates(url));

  rebuildContract(
    'MongoDB',
    async (clock) => {
      const database = await openMongoDatabase(url);
      const { mongo } = database;
      return {
        generations: createMongoGenerations(mongo),
        openStore: (beforeRows = () => Promise.resolve()) =>
          createMongoReadStore({ ...mongo, run: gatedRun(mongo, beforeRows) }, clock),
        close: () => database.close(),
      };
    },
    // One that went by the record before, and one that read it when the rebuild had begun.
    [
      [0, 3],
      [0, 5],
      [2, 5],
      [2, 9],
      [4, 7],
    ],
  );
});

/** Whoever asks for rows waits; whoever asks for the record of the generations does not. */
function gatedRun(mongo: Mongo, beforeRows: () => Promise<void>): Mongo['run'] {
  return async (work) => {
    const asked: string[] = [];
    const isOver = new Error('only looked');
    const spy = {
      collection(name: string) {
        asked.push(name);
        throw isOver;
      },
    } as unknown as Db;
    await Promise.resolve()
      .then(() => work(spy))
      .catch(() => undefined);
    if (!asked.includes('checkpoints')) await beforeRows();
    return mongo.run(work);
  };
}
