import { join } from 'node:path';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { eventLogContract, sharedEventLogContract } from './event-log.contract.js';
import { openedSharedLog, type OpenedSharedLog } from './opened-log.js';

const openLog = (path: string): EventLog => openSqliteEventLog({ clock: systemClock, ids: systemIds, path });

function openFile(): Promise<OpenedSharedLog> {
  const path = join(temporaryFolder(), 'log.db');
  return Promise.resolve(openedSharedLog(() => openLog(path)));
}

eventLogContract('SQLite in memory', () => {
  const log = openLog(':memory:');
  return Promise.resolve({ log, close: () => log.close() });
});
eventLogContract('SQLite file', openFile);
sharedEventLogContract('SQLite file', openFile);
