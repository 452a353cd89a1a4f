import { createMongoReadStore } from '../../src/adapters/mongodb/read-store.js';
import { hasAtomicUpdates, openMongoDatabase } from '../servers/mongo-database.js';
import { describeWithServer } from '../servers/with-server.js';
import { readStoreContract } from './read-store.contract.js';

describeWithServer('mongodb', 'on MongoDB', (url) => {
  const open = async () => {
    const database = await openMongoDatabase(url);
    return { ...createMongoReadStore(database.mongo), close: () => database.close() };
  };
  readStoreContract('MongoDB', open, () => hasAtomicUpdates(url));
});
