import { createMongoRegistry } from '../../src/adapters/mongodb/certification-registry.js';
import { openMongoDatabase } from '../servers/mongo-database.js';
import { describeWithServer } from '../servers/with-server.js';
import { certificationRegistryContract } from './certification-registry.contract.js';

describeWithServer('mongodb', 'on MongoDB', (url) => {
  certificationRegistryContract('MongoDB', async () => {
    const database = await openMongoDatabase(url);
    return { ...createMongoRegistry(database.mongo), close: () => database.close() };
  });
});
