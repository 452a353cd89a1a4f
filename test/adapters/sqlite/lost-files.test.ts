import {
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { StoreError } from '../../../src/ports/store-error.js';
import { certificationOf, jobRow } from '../../support/sample-documents.js';
import { append, eventsOf, sampleEvent } from '../../support/sample-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

interface Opened {
  write(): Promise<unknown>;
  close(): Promise<void>;
}

let clock: VirtualClock;
let folder: string;
let lost: StoreError[];
let opened: Opened | undefined;
beforeEach(() => {
  clock = createVirtualClock('2026-01-01T00:00:00Z');
  folder = join(temporaryFolder(), 'data');
  lost = [];
  opened = undefined;
});
afterEach(() => opened?.close().catch(() => undefined));

const options = (name: string) => ({
  clock,
  ids: systemIds,
  path: join(folder, name),
  onLost: (error: StoreError) => void lost.push(error),
});

const openers: Record<string, () => Opened> = {
  'log.db': () => {
    const log = openSqliteEventLog(options('log.db'));
    let version = 0;
    return {
      write: async () => eventsOf(await append(log, 'cronJob-a', version++, [sampleEvent()])),
      close: () => log.close(),
    };
  },
  'registry.db': () => {
    const registry = openSqliteRegistry(options('registry.db'));
    let number = 0;
    return {
      write: () =>
        registry.upsert(
          [certificationOf({ certification_id: `c-${number++}`, mentor_id: 'm', expires_at: '2026-01-01' })],
          's',
        ),
      close: () => registry.close(),
    };
  },
};

const faults: [string, (path: string) => void][] = [
  ['removed', (path) => rmSync(path)],
  ['moved away', (path) => renameSync(path, `${path}.old`)],
  [
    'replaced by a copy of itself',
    (path) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  ],
  ['cut to nothing', (path) => truncateSync(path)],
  ['cut in half', (path) => truncateSync(path, 4_096)],
  ['separated from its write-ahead log', (path) => rmSync(`${path}-wal`)],
  ['left with an empty write-ahead log', (path) => truncateSync(`${path}-wal`)],
  ['separated from its index of the write-ahead log', (path) => rmSync(`${path}-shm`)],
  ['removed with its folder', (path) => rmSync(dirname(path), { recursive: true })],
  [
    'in a folder that was replaced',
    (path) => {
      renameSync(dirname(path), `${dirname(path)}.old`);
      mkdirSync(dirname(path));
    },
  ],
];

describe.each(Object.entries(openers))('an open %s', (name, open) => {
  /** With pages in the file and frames in the write-ahead log. */
  async function openAndWrite(): Promise<Opened> {
    const file = (opened = open());
    await file.write();
    const other = new Database(join(folder, name));
    other.pragma('wal_checkpoint(TRUNCATE)');
    other.close();
    await file.write();
    return file;
  }

  it.each(faults)('that is %s takes no more writes, and makes no other file', async (_, take) => {
    const file = await openAndWrite();
    const path = join(folder, name);
    take(path);
    const there = existsSync(path);
    for (let again = 0; again < 3; again++) {
      const refused = expect.objectContaining({ name: 'StoreError', code: 'store_damaged' });
      await expect(file.write()).rejects.toEqual(refused);
    }
    expect(existsSync(path)).toBe(there);
    expect(lost).toEqual([expect.objectContaining({ message: expect.stringContaining(path) })]);
    expect(lost[0]?.message).toMatch(/restore a backup, then start again/);
  });

  it.each(faults)('that is %s is missed within a second, also while nothing is written', async (_, take) => {
    await openAndWrite();
    await clock.advance(3_000);
    expect(lost).toEqual([]);
    take(join(folder, name));
    await clock.advance(1_000);
    expect(lost).toHaveLength(1);
    await clock.advance(10_000);
    expect(lost).toHaveLength(1);
  });

  it('may be checkpointed, read and written by other processes', async () => {
    const file = await openAndWrite();
    for (const mode of ['PASSIVE', 'RESTART', 'TRUNCATE']) {
      const other = new Database(join(folder, name));
      other.pragma(`wal_checkpoint(${mode})`);
      other.close();
      await clock.advance(1_000);
      await file.write();
    }
    expect(lost).toEqual([]);
  });

  it('is not looked at any more when it is closed', async () => {
    await (await openAndWrite()).close();
    rmSync(folder, { recursive: true });
    await clock.advance(5_000);
    expect(lost).toEqual([]);
  });

  it('that left its write-ahead log behind is not begun anew', async () => {
    await (await openAndWrite()).close();
    rmSync(join(folder, name));
    writeFileSync(join(folder, `${name}-wal`), 'the end of a log');
    expect(() => open()).toThrow(/is missing, but the end of the .* put .* back beside it/);
    expect(existsSync(join(folder, name))).toBe(false);
  });
});

it('a read.db that is gone is told once, serves on, and is made anew by the next start, without its old end', async () => {
  const store = openSqliteReadStore(options('read.db'));
  await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
  const wal = join(folder, 'read.db-wal');
  copyFileSync(wal, `${wal}.old`);
  rmSync(join(folder, 'read.db'));
  await store.write([{ model: 'jobs', rows: [jobRow('cron-b')] }]);
  expect((await store.read('jobs', ['cron-a', 'cron-b'])).size).toBe(2);
  expect(lost).toHaveLength(1);
  await store.close();
  renameSync(`${wal}.old`, wal);
  const next = openSqliteReadStore(options('read.db'));
  expect((await next.read('jobs', ['cron-a', 'cron-b'])).size).toBe(0);
  await next.close();
});

it('a walk over a read.db that is replaced meanwhile ends with an error, and not with a part of the rows', async () => {
  const store = openSqliteReadStore(options('read.db'));
  const rows = Array.from({ length: 150 }, (_, nth) => jobRow(`cron-${nth}`));
  await store.write([{ model: 'jobs', rows }]);
  const pages = store.readAll('jobs')[Symbol.asyncIterator]();
  await pages.next();
  for (const suffix of ['', '-wal', '-shm'])
    renameSync(join(folder, `read.db${suffix}`), join(folder, `read.db.damaged${suffix}`));
  const another = openSqliteReadStore(options('read.db'));
  await expect(pages.next()).rejects.toMatchObject({ code: 'store_unavailable' });
  await store.close();
  await another.close();
});

it('a read.db that another process has made anew is used from then on, by both', async () => {
  const store = openSqliteReadStore(options('read.db'));
  await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
  for (const suffix of ['', '-wal', '-shm'])
    renameSync(join(folder, `read.db${suffix}`), join(folder, `read.db.damaged${suffix}`));
  const another = openSqliteReadStore(options('read.db'));
  await another.write([{ model: 'jobs', rows: [jobRow('cron-b')] }]);
  expect([...(await store.read('jobs', ['cron-a', 'cron-b'])).keys()]).toEqual(['cron-b']);
  await store.write([{ model: 'jobs', rows: [jobRow('cron-c')] }]);
  expect((await another.listJobs({ offset: 0, limit: 9 })).total).toBe(2);
  expect(lost).toHaveLength(1);
  await store.close();
  await another.close();
});
