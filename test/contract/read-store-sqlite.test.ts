import { join } from 'node:path';
import { openSqliteGenerations } from '../../src/adapters/sqlite/read-generations.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { readStoreContract } from './read-store.contract.js';
import { rebuildContract } from './rebuild.contract.js';

const openStore = (path: string): Promise<ReadStore> =>
  Promise.resolve(openSqliteReadStore({ clock: systemClock, ids: systemIds, path }));

readStoreContract('SQLite in memory', () => openStore(':memory:'));
readStoreContract('SQLite file', () => openStore(join(temporaryFolder(), 'read.db')));

rebuildContract('SQLite', (clock) => {
  const waiting = { clock, ids: systemIds, path: join(temporaryFolder(), 'read.db') };
  const opened: { close: () => Promise<void> }[] = [];
  const generations = openSqliteGenerations(waiting);
  return Promise.resolve({
    generations,
    openStore(beforeRows = () => Promise.resolve()) {
      const store = openSqliteReadStore(waiting);
      opened.push(store);
      return {
        ...store,
        async write(...given) {
          await beforeRows();
          await store.write(...given);
        },
      };
    },
    async close() {
      for (const each of [generations, ...opened]) await each.close();
    },
  });
});
