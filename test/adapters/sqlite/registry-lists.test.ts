import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { createListSlices, LIST_STATEMENTS } from '../../../src/adapters/sqlite/list-slices.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { expiresDay } from '../../../src/ports/expires-day.js';
import {
  CERTIFICATION_STATUSES,
  type Certification,
  type CertificationQuery,
  type CertificationRegistry,
} from '../../../src/ports/certification-registry.js';
import { idsOf } from '../../contract/certification-lists.contract.js';
import { certificationOf } from '../../support/sample-documents.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const open = (path = ':memory:'): CertificationRegistry =>
  openSqliteRegistry({ clock: systemClock, ids: systemIds, path });

const mentors = fc.constantFrom('m1', 'm2');
const types = fc.constantFrom('coach', 'first aid');
const labels = fc.constantFrom('gold', 'eu', '"', '","');
const statuses = fc.constantFrom(...CERTIFICATION_STATUSES);
const days = fc.integer({ min: -1, max: 3 });

const records = fc.array(
  fc.record<Certification>({
    certification_id: fc.constantFrom('a', 'b', 'Z', 'é', 'a\ufb01', 'a\u{1F4C5}', 'c', 'd', ''),
    mentor_id: mentors,
    expires_at: fc.constantFrom(
      '1970-01-01',
      '1970-01-02',
      '1970-01-02T23:00:00-02:00',
      '1969-12-31',
      'never',
    ),
    type: fc.option(types),
    labels: fc.array(labels, { maxLength: 3 }),
    status: statuses,
    renewable_from: fc.constant(null),
  }),
  { maxLength: 30 },
);

const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 1 });
const queries = fc.record<CertificationQuery>({
  expiresFrom: some(days),
  expiresUntil: some(days),
  type: some(types),
  label: some(labels),
  status: some(statuses),
  mentorId: some(mentors),
  order: fc.constantFrom('ascending', 'descending'),
  limit: fc.integer({ min: 1, max: 5 }),
});

/** Filter and sort of all records: shares nothing with the registry but the day. */
function naiveIds(all: readonly Certification[], query: CertificationQuery): string[] {
  const { expiresFrom = -Infinity, expiresUntil = Infinity, type, label, status, mentorId } = query;
  const found = all.flatMap((record) => {
    const day = expiresDay(record.expires_at);
    const matches =
      day !== undefined &&
      day >= expiresFrom &&
      day <= expiresUntil &&
      (type === undefined || record.type === type) &&
      (label === undefined || record.labels.includes(label)) &&
      (status === undefined || record.status === status) &&
      (mentorId === undefined || record.mentor_id === mentorId);
    return matches ? [{ day, id: record.certification_id }] : [];
  });
  found.sort((a, b) => a.day - b.day || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  const ids = found.map(({ id }) => id);
  return query.order === 'ascending' ? ids : ids.reverse();
}

it('lists what a filter and a sort of all records would, page by page, and counts what there is', async () => {
  await fc.assert(
    fc.asyncProperty(records, records, fc.array(queries, { maxLength: 6 }), async (first, then, asked) => {
      const registry = open();
      await registry.upsert(first, 'one');
      await registry.upsert(then, 'two');
      await registry.remove(['b', 'Z']);
      const left = new Map([...first, ...then].map((record) => [record.certification_id, record]));
      for (const id of ['b', 'Z']) left.delete(id);
      const all = [...left.values()];
      for (const query of asked) expect(await idsOf(registry, query)).toEqual(naiveIds(all, query));
      const { total, by_status } = await registry.summary();
      expect(total).toBe(all.length);
      for (const status of CERTIFICATION_STATUSES)
        expect(by_status[status]).toBe(all.filter((record) => record.status === status).length);
      await registry.close();
    }),
    { numRuns: 60 },
  );
});

describe('a list of rare matches among many records', () => {
  const COUNT = 45_000;
  const isRare = (index: number): boolean => index % 22_000 === 0;
  const idOf = (index: number): string => `c${100_000 + index}`;
  const rare = Array.from({ length: COUNT }, (_, index) => index)
    .filter(isRare)
    .map(idOf);

  it('is found in short calls, each of which goes on where the last one ended', async () => {
    const path = join(temporaryFolder(), 'registry.db');
    const registry = open(path);
    const all = Array.from({ length: COUNT }, (_, index) =>
      certificationOf({
        certification_id: idOf(index),
        mentor_id: 'the only one',
        expires_at: '2026-05-01',
        type: isRare(index) ? 'rare' : 'usual',
        labels: isRare(index) ? ['rare'] : [],
      }),
    );
    await registry.upsert(all, 'import-1');
    for (const filter of [{ type: 'rare' }, { label: 'rare' }, { mentorId: 'the only one', type: 'rare' }]) {
      expect(await idsOf(registry, filter)).toEqual(rare);
      expect(await idsOf(registry, { ...filter, order: 'descending', limit: 2 })).toEqual(rare.toReversed());
    }
    const db = new Database(path, { readonly: true });
    const slices = createListSlices(db);
    const query: CertificationQuery = { order: 'ascending', limit: 10, type: 'rare' };
    const one = slices.next(query, undefined, 10);
    const two = slices.next(query, one.goOn, 10);
    const three = slices.next(query, two.goOn, 10);
    expect([one, two, three].map(({ found }) => found.length)).toEqual([1, 1, 1]);
    expect(one.goOn).toEqual({ expires_day: 20_574, certification_id: idOf(19_999) });
    expect(three.goOn).toBeUndefined();
    db.close();
    await registry.close();
  });

  it.each(Object.entries(LIST_STATEMENTS))(
    'passes over the entries of one index alone: %s',
    async (_, statements) => {
      const path = join(temporaryFolder(), 'registry.db');
      await open(path).close();
      const db = new Database(path, { readonly: true });
      const names = ['day', 'id', 'endDay', 'endId', 'type', 'label', 'quoted', 'status', 'mentor', 'limit'];
      const values = Object.fromEntries(names.map((name) => [name, null]));
      const stepsOf = (sql: string): string[] =>
        (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[]).map(
          ({ detail }) => detail,
        );
      for (const sql of [statements.sliceEnd, statements.inSlice])
        expect(stepsOf(sql)).toContainEqual(
          expect.stringMatching(
            /^SEARCH registry_records USING COVERING INDEX registry_by_expiry \(\(expires_day,certification_id\)>.* AND .*</,
          ),
        );
      expect(stepsOf(statements.ofMentor)).toContain(
        'SEARCH registry_records USING PRIMARY KEY (mentor_id=?)',
      );
      for (const sql of Object.values(statements))
        expect(stepsOf(sql).join()).not.toMatch(/SCAN registry_records/);
      db.close();
    },
  );
});
