import { join } from 'node:path';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { certificationListsContract } from './certification-lists.contract.js';
import { certificationRegistryContract } from './certification-registry.contract.js';
import { registrySummaryContract } from './registry-summary.contract.js';

const openRegistry = (path: string, clock = systemClock): Promise<CertificationRegistry> =>
  Promise.resolve(openSqliteRegistry({ clock, ids: systemIds, path }));

certificationRegistryContract('SQLite in memory', () => openRegistry(':memory:'));
certificationRegistryContract('SQLite file', () => openRegistry(join(temporaryFolder(), 'registry.db')));
certificationListsContract('SQLite', () => openRegistry(':memory:'));
registrySummaryContract('SQLite', (clock) => openRegistry(':memory:', clock));
