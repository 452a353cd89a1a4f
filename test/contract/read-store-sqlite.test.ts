import { join } from 'node:path';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { readStoreContract } from './read-store.contract.js';

const openStore = (path: string): Promise<ReadStore> =>
  Promise.resolve(openSqliteReadStore({ clock: systemClock, ids: systemIds, path }));

readStoreContract('SQLite in memory', () => openStore(':memory:'));
readStoreContract('SQLite file', () => openStore(join(temporaryFolder(), 'read.db')));
