import type { Claim } from '../../../src/ports/read-store.js';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { describeWithDisk, makeReadOnly, mountDisk } from './small-disk.js';

const options = (path: string) => ({ clock: systemClock, ids: systemIds, path });

const CLAIM: Claim = {
  name: 'models',
  checkpoint: { position: '', event: null, projection_version: 1, projector: 'projector-1' },
  instead: undefined,
  emptied: ['jobs'],
};

describeWithDisk('a read-only disk', () => {
  const files = {
    'log.db': (path: string) => {
      const log = openSqliteEventLog(options(path));
      return { close: () => log.close(), write: () => append(log, 'cronJob-a', 0, [sampleEvent()]) };
    },
    'read.db': (path: string) => {
      const store = openSqliteReadStore(options(path));
      return { close: () => store.close(), write: () => store.claim(CLAIM) };
    },
    'registry.db': (path: string) => {
      const registry = openSqliteRegistry(options(path));
      return { close: () => registry.close(), write: () => registry.removeAllBut('import-1') };
    },
  };
  const failure = (disk: string): unknown =>
    expect.objectContaining({ code: 'storage_read_only', message: expect.stringContaining(disk) });

  it.each(Object.entries(files))(
    'is told as storage_read_only, at the latest by the first write: %s',
    async (name, open) => {
      const disk = mountDisk('1m');
      await open(join(disk, name)).close();
      makeReadOnly(disk);
      const use = async (): Promise<void> => {
        const opened = open(join(disk, name));
        try {
          await opened.write();
        } finally {
          await opened.close();
        }
      };
      await expect(use()).rejects.toEqual(failure(disk));
    },
  );

  it.each(Object.entries(files))(
    'is told as storage_read_only when there is no file yet: %s',
    (name, open) => {
      const disk = mountDisk('1m');
      makeReadOnly(disk);
      expect(() => open(join(disk, name))).toThrow(failure(disk));
      expect(() => open(join(disk, 'deep', name))).toThrow(failure(disk));
    },
  );
});
