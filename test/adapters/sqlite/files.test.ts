import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { jobRow } from '../../support/sample-documents.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Opener = (path: string) => { close(): Promise<void> };

const openers: Record<string, Opener> = {
  'log.db': (path) => openSqliteEventLog({ clock: systemClock, ids: systemIds, path }),
  'read.db': (path) => openSqliteReadStore({ clock: systemClock, ids: systemIds, path }),
  'registry.db': (path) => openSqliteRegistry({ clock: systemClock, ids: systemIds, path }),
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** The message names the file: it is all that an operator sees. */
const failure = (code: string, path: string): unknown =>
  expect.objectContaining({ name: 'StoreError', code, message: expect.stringContaining(path) });

function withSqlite(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

async function closedFile(opener: Opener, name: string): Promise<string> {
  const path = join(folder, name);
  await opener(path).close();
  return path;
}

describe.each(Object.entries(openers))('%s', (name, open) => {
  const expectRefusal = (path: string, code: string): void => {
    const before = readFileSync(path);
    expect(() => open(path)).toThrow(failure(code, path));
    expect(readFileSync(path).equals(before)).toBe(true);
  };

  it('is made, with its folder, when there is none, and opened again', async () => {
    const path = join(folder, 'deep', 'er', name);
    await open(path).close();
    await open(path).close();
    expect(statSync(path).size).toBeGreaterThan(0);
  });

  it('is for nobody else to read, with its folder and what lies beside it, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const path = join(folder, 'deep', 'er', name);
      const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
      const opened = open(path);
      for (const suffix of ['', '-wal', '-shm']) expect(modeOf(path + suffix)).toBe('600');
      expect([modeOf(join(folder, 'deep')), modeOf(join(folder, 'deep', 'er'))]).toEqual(['700', '700']);
      await opened.close();
      // One that an earlier version has made.
      chmodSync(path, 0o644);
      const again = open(path);
      for (const suffix of ['', '-wal', '-shm']) expect(modeOf(path + suffix)).toBe('600');
      await again.close();
    } finally {
      process.umask(before);
    }
  });

  it('is refused when it is no database, and left as it is', () => {
    const path = join(folder, name);
    writeFileSync(path, 'dear diary, '.repeat(1_000));
    expectRefusal(path, 'store_foreign');
  });

  it('is refused when another program made it, and left as it is', () => {
    const path = join(folder, name);
    withSqlite(path, 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)');
    expectRefusal(path, 'store_foreign');
  });

  it('is refused when it is another file of ours, and left as it is', async () => {
    for (const [other, openOther] of Object.entries(openers).filter(([each]) => each !== name)) {
      expectRefusal(await closedFile(openOther, other), 'store_foreign');
    }
  });

  it('is refused when a newer version wrote it', async () => {
    const path = await closedFile(open, name);
    withSqlite(path, 'PRAGMA user_version = 99');
    expect(() => open(path)).toThrow(failure('store_newer', path));
  });

  it('is refused when it is empty, instead of beginning anew', () => {
    const path = join(folder, name);
    writeFileSync(path, '');
    expectRefusal(path, 'store_damaged');
  });

  it('is opened by two at once', async () => {
    const path = join(folder, name);
    const both = await Promise.all([1, 2].map(() => Promise.resolve().then(() => open(path))));
    await Promise.all(both.map((each) => each.close()));
  });
});

describe('read.db of an older version', () => {
  it('is emptied and can be used', async () => {
    const path = await closedFile(
      (each) => openSqliteReadStore({ clock: systemClock, ids: systemIds, path: each }),
      'read.db',
    );
    withSqlite(
      path,
      `DROP TABLE jobs; CREATE TABLE jobs (bogus); CREATE TABLE "old name" (x); INSERT INTO jobs VALUES (1);
       INSERT INTO checkpoints VALUES ('models', '{}', 1); PRAGMA user_version = 0`,
    );
    const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path });
    expect(await store.readCheckpoint('models')).toBeUndefined();
    expect(await store.listJobs({ offset: 0, limit: 10 })).toEqual({ jobs: [], total: 0 });
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
    expect((await store.read('jobs', ['cron-a'])).size).toBe(1);
    await store.close();
  });
});
