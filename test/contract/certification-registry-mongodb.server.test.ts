import { createMongoRegistry } from '../../src/adapters/mongodb/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { openMongoDatabase } from '../servers/mongo-database.js';
import { describeWithServer } from '../servers/with-server.js';
import { certificationListsContract } from './certification-lists.contract.js';
import { certificationRegistryContract } from './certification-registry.contract.js';
import { registrySummaryContract } from './registry-summary.contract.js';

describeWithServer('mongodb', 'on MongoDB', (url) => {
  async function openRegistry(clock = systemClock): Promise<CertificationRegistry> {
    const database = await openMongoDatabase(url);
    return { ...createMongoRegistry(database.mongo, clock), close: () => database.close() };
  }

  certificationRegistryContract('MongoDB', () => openRegistry());
  certificationListsContract('MongoDB', () => openRegistry());
  registrySummaryContract('MongoDB', openRegistry);
});
