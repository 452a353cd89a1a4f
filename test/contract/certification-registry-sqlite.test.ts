import { join } from 'node:path';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { certificationRegistryContract } from './certification-registry.contract.js';

const openRegistry = (path: string): Promise<CertificationRegistry> =>
  Promise.resolve(openSqliteRegistry({ clock: systemClock, ids: systemIds, path }));

certificationRegistryContract('SQLite in memory', () => openRegistry(':memory:'));
certificationRegistryContract('SQLite file', () => openRegistry(join(temporaryFolder(), 'registry.db')));
