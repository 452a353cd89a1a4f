import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { NEXT_PAGE } from '../../../src/adapters/sqlite/registry-pages.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { allOf, certification } from '../../contract/certification-registry.contract.js';

const openRegistry = (path: string): CertificationRegistry =>
  openSqliteRegistry({ clock: systemClock, ids: systemIds, path });

it('finds each page by its key: the walk does not slow down with the number of pages', async () => {
  const path = join(temporaryFolder(), 'registry.db');
  await openRegistry(path).close();
  const db = new Database(path, { readonly: true });
  const plan = db
    .prepare(`EXPLAIN QUERY PLAN ${NEXT_PAGE}`)
    .all({ mentor_id: 'm', certification_id: 'c', mentor_bytes: null, id_bytes: null }) as {
    detail: string;
  }[];
  db.close();
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^SEARCH registry_records USING PRIMARY KEY \(\(mentor_id,certification_id\)>/),
  ]);
});

describe('SQLite certification registry with records that another program wrote', () => {
  let path: string;
  let registry: CertificationRegistry;
  beforeEach(() => {
    path = join(temporaryFolder(), 'registry.db');
    registry = openRegistry(path);
  });

  /** Rows of certification_id, mentor_id, expires_at, and as many of type, labels, status and renewable_from as matter. */
  function writeDirectly(rows: readonly (readonly unknown[])[]): void {
    const db = new Database(path);
    const insert = db.prepare(
      `INSERT INTO registry_records (certification_id, mentor_id, expires_at, type, labels, status, renewable_from, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'elsewhere')`,
    );
    db.transaction(() => {
      for (const row of rows) insert.run([...row, null, '[]', 'active', null].slice(0, 7));
    })();
    db.close();
  }

  it('gives bad values as they lie there, among the good ones', async () => {
    const bad = [
      ['cert-bytes', Buffer.from([1, 2, 3]), '2026-01-01'],
      ['cert-empty', '', ''],
      ['cert-null', '', null],
      ['cert-number', 17, 20_260_101.5],
      ['cert-text', 'mentor-1', 'next summer'],
    ] as const;
    writeDirectly(bad);
    await registry.upsert([certification('cert-good', 'mentor-1')], 'import-1');
    const byId = new Map((await allOf(registry)).map((record) => [record.certification_id, record]));
    expect(byId.size).toBe(6);
    for (const [id, mentor_id, expires_at] of bad) {
      const rest = { type: null, labels: [], status: 'active', renewable_from: null };
      expect(byId.get(id)).toEqual({ certification_id: id, mentor_id, expires_at, ...rest });
    }
    expect(byId.get('cert-good')).toEqual(certification('cert-good', 'mentor-1'));
    await registry.close();
  });

  it('gives bad optional values as they lie there, counts and lists what can be', async () => {
    const bytes = Buffer.from([1, 2]);
    writeDirectly([
      ['a', 'm', '2026-05-01', 5, '{"no":"list"}', 'asleep', bytes],
      ['b', 'm', '2026-05-01', bytes, '[broken', 7, 1.5],
      ['c', 'm', '2026-05-01', '', bytes, '', 'soon'],
      ['d', 'm', '2026-05-01', 'coach', '[1,null,"gold"]', 'active', null],
    ]);
    expect(await registry.find('a')).toMatchObject({ type: 5, labels: '{"no":"list"}', status: 'asleep' });
    expect(await registry.find('b')).toMatchObject({ type: bytes, labels: '[broken', status: 7 });
    expect(await registry.find('c')).toMatchObject({ labels: bytes, status: '', renewable_from: 'soon' });
    expect(await registry.find('d')).toMatchObject({ type: 'coach', labels: [1, null, 'gold'] });
    expect(await allOf(registry)).toHaveLength(4);
    expect((await registry.summary()).by_status).toEqual({ active: 1, suspended: 0, withdrawn: 0 });
    // Who writes past this service gives no day.
    expect(await registry.list({ order: 'ascending', limit: 9, label: 'gold' })).toEqual([]);
    const good = certification('e', 'm');
    await registry.upsert([good], 'feed');
    for (const label of ['gold', 'no', 'broken'])
      expect(await registry.list({ order: 'ascending', limit: 9, label })).toEqual([]);
    await registry.close();
  });

  it.each<[string, (index: number) => unknown]>([
    ['numbers', (index) => index + 0.5],
    ['bytes', (index) => Buffer.from([index % 256, index >> 8])],
    ['empty', () => ''],
  ])('gives every record when the mentor_id of more than a page of them is %s', async (_, mentor) => {
    writeDirectly(Array.from({ length: 2_100 }, (_, index) => [`bad-${index}`, mentor(index), '2026-01-01']));
    await registry.upsert([certification('cert-good', 'mentor-1')], 'import-1');
    const ids = (await allOf(registry)).map(({ certification_id }) => certification_id);
    expect(ids).toHaveLength(2_101);
    expect(new Set(ids).size).toBe(2_101);
    expect(ids).toContain('cert-good');
    await registry.close();
  });

  it.each<[string, (id: string) => [string, string]]>([
    ['certification_id', (id) => [id, 'mentor-1']],
    ['mentor_id', (id) => [`cert-${id}`, id]],
  ])('gives every record when more than a page of them has half a character in its %s', async (_, keyOf) => {
    const halves = Array.from({ length: 1_500 }, (_, index) => `x\ud800-${10_000 + index}`);
    // In UTF-8 order some lie before those, among them, and behind.
    const others = ['a', 'x', 'x\ud7ff', 'x\ue000', 'x\ufb01', 'x\ufffd', 'x\uffff', 'x\u{1F4C5}', 'y'];
    writeDirectly([...halves, ...others].map((id) => [...keyOf(id), '2026-01-01'] as const));
    const found = (await allOf(registry)).map(({ certification_id, mentor_id }) => [
      certification_id,
      mentor_id,
    ]);
    expect(found).toHaveLength(1_509);
    expect(found).toEqual(expect.arrayContaining(others.map(keyOf)));
    await registry.close();
  });

  it('gives every record once while others come and go between its pages, also where keys hold U+FFFD', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `k\ufffd${10_000 + index}`);
    await registry.upsert(
      ids.map((id) => certification(id, 'm')),
      'import-1',
    );
    const found: unknown[] = [];
    for await (const page of registry.pages()) {
      found.push(...page.map(({ certification_id }) => certification_id));
      await registry.upsert([certification(`k\ufffd0-${found.length}`, 'm')], 'import-1');
      await registry.remove([ids[5] ?? '', ids[found.length - 400] ?? '']);
    }
    expect(found).toEqual(ids);
    await registry.close();
  });
});
