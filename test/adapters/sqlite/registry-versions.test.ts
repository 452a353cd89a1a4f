import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import { idsOf } from '../../contract/certification-lists.contract.js';
import { allOf, certification } from '../../contract/certification-registry.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** As version 1 made it. */
const FIRST_SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE certifications (certification_id TEXT PRIMARY KEY, mentor_id, expires_at, source TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX certifications_by_mentor ON certifications (ifnull(mentor_id, ''), certification_id, mentor_id, expires_at);
  PRAGMA application_id = 0x63637267;
  PRAGMA user_version = 1;`;

const NOW = '2026-03-26T10:00:00.000Z';
const ADDED = { type: null, labels: [], status: 'active', renewable_from: null };

/** Of certification_id, mentor_id and expires_at. */
const READABLE = [
  ['cert-1', 'mentor-2', '2026-05-02'],
  ['cert-2', 'mentor-1', '2026-05-01T23:30:00-01:00'],
  ['cert-\u{1F4C5}', 'mentor-1', '2026-05-02'],
  ['cert-\ufffd', 'mentor-1', '2026-05-02'],
];
const UNREADABLE = [
  ['cert-bytes', Buffer.from([1, 2, 3]), '2026-02-30'],
  ['cert-empty', '', ''],
  ['cert-number', 17, 20_260_101.5],
  ['cert-text', 'mentor-1', 'next summer'],
];

describe('registry.db of version 1', () => {
  let path: string;
  let now: () => number;
  let converted: number[];
  beforeEach(() => {
    path = join(temporaryFolder(), 'registry.db');
    now = () => Date.parse(NOW);
    converted = [];
  });

  function writeFirstVersion(rows: readonly (readonly unknown[])[]): void {
    const db = new Database(path);
    db.exec(FIRST_SCHEMA);
    const insert = db.prepare("INSERT INTO certifications VALUES (?, ?, ?, 'import-1')");
    db.transaction(() => {
      for (const row of rows) insert.run(...row);
    })();
    db.close();
  }

  const open = (file = path): CertificationRegistry =>
    openSqliteRegistry({
      clock: { ...systemClock, now: () => now() },
      ids: systemIds,
      path: file,
      onConvert: (records) => converted.push(records),
    });

  const toStored = ([certification_id, mentor_id, expires_at]: readonly unknown[]) => ({
    certification_id,
    mentor_id,
    expires_at,
    ...ADDED,
  });

  it('is converted with all records, readable or not, and lists those that are', async () => {
    writeFirstVersion([...READABLE, ...UNREADABLE]);
    const registry = open();
    expect(converted).toEqual([8]);
    const all = await allOf(registry);
    expect(all).toHaveLength(8);
    expect(all).toEqual(expect.arrayContaining([...READABLE, ...UNREADABLE].map(toStored)));
    expect(await idsOf(registry)).toEqual(['cert-1', 'cert-2', 'cert-\ufffd', 'cert-\u{1F4C5}']);
    expect(await registry.summary()).toEqual({
      total: 8,
      by_status: { active: 8, suspended: 0, withdrawn: 0 },
      last_changed_at: NOW,
    });
    await registry.upsert([certification('cert-1', 'mentor-3')], 'import-2');
    expect(await registry.removeAllBut('import-2')).toBe(7);
    expect(await allOf(registry)).toEqual([certification('cert-1', 'mentor-3')]);
    await registry.close();
  });

  it('is converted once, and is then like one that was never of another version', async () => {
    writeFirstVersion(READABLE);
    await open().close();
    now = () => Date.parse(NOW) + 1_000;
    const again = open();
    expect(converted).toEqual([4]);
    expect((await again.summary()).last_changed_at).toBe(NOW);
    await again.close();
    const fresh = join(temporaryFolder(), 'registry.db');
    await open(fresh).close();
    expect(schemaOf(path)).toEqual(schemaOf(fresh));
  });

  it('has not changed when it never had a record', async () => {
    writeFirstVersion([]);
    const registry = open();
    expect((await registry.summary()).last_changed_at).toBeNull();
    await registry.close();
  });

  it('gives mentors that are null another value that cannot be read, and keeps half characters out of lists', async () => {
    writeFirstVersion([
      ...Array.from({ length: 1_500 }, (_, index) => [`null-${index}`, null, null]),
      ...Array.from({ length: 1_500 }, (_, index) => [`x\ud800-${10_000 + index}`, 'm', '2026-05-01']),
      ['good', 'm', '2026-05-01'],
    ]);
    const registry = open();
    const all = await allOf(registry);
    expect(all).toHaveLength(3_001);
    expect(all.filter(({ mentor_id }) => mentor_id === '')).toHaveLength(1_500);
    expect(await idsOf(registry)).toEqual(['good']);
    let ofMentor = 0;
    for await (const page of registry.pagesOf('m')) ofMentor += page.length;
    expect(ofMentor).toBe(1_501);
    await registry.close();
  });

  it('stays as it was when its process is killed in the middle, and is converted by the next one', async () => {
    writeFirstVersion(READABLE);
    const left = join(temporaryFolder(), 'registry.db');
    now = () => {
      // The last step before the end: what a killed process would leave on the disk.
      for (const suffix of ['', '-wal'])
        if (existsSync(path + suffix)) copyFileSync(path + suffix, left + suffix);
      return Date.parse(NOW);
    };
    await open().close();
    now = () => Date.parse(NOW);
    const next = open(left);
    expect(converted).toEqual([4, 4]);
    expect(await idsOf(next)).toHaveLength(4);
    await next.close();
  });

  it('stays as it was when the conversion fails', async () => {
    writeFirstVersion(READABLE);
    const before = schemaOf(path);
    now = () => {
      throw new Error('no time');
    };
    expect(() => open()).toThrow(/no time/);
    expect(schemaOf(path)).toEqual(before);
    now = () => Date.parse(NOW);
    const registry = open();
    expect(await allOf(registry)).toHaveLength(4);
    await registry.close();
  });

  it('is refused in a format that never existed', () => {
    writeFirstVersion([]);
    const db = new Database(path);
    db.pragma('user_version = 0');
    db.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_damaged' }));
  });

  function schemaOf(file: string): unknown[] {
    const db = new Database(file, { readonly: true });
    const schema = db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    db.close();
    return schema;
  }
});
