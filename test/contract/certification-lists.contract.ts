import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Certification,
  CertificationPlace,
  CertificationQuery,
  CertificationRegistry,
  StoredCertification,
} from '../../src/ports/certification-registry.js';
import { certificationOf } from '../support/sample-documents.js';

const record = (id: string, expires_at: string, some: Partial<Certification> = {}): Certification =>
  certificationOf({ certification_id: id, mentor_id: 'm1', expires_at, ...some });

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

const SAMPLE = [
  record('a', '2026-05-02', { type: 'first aid', labels: ['gold', 'eu'] }),
  record('b', '2026-05-01', { type: 'first aid', status: 'suspended', mentor_id: 'm2' }),
  record('c', '2026-05-01T23:30:00-01:00', { type: 'coach', labels: ['eu'], mentor_id: 'm2' }),
  record('d', '2026-05-02', { labels: ['golden'], status: 'withdrawn' }),
  record('e', '2026-05-02T00:00:00Z', { type: 'coach', labels: ['gold'], mentor_id: 'm3' }),
  record('f', '1969-12-31', { type: 'coach', labels: ['eu', 'gold'], status: 'suspended' }),
  record('unreadable', 'next summer', { type: 'coach', labels: ['gold'] }),
  record('no day', '2026-02-30'),
];

/** The ids of a whole list, page by page. */
export async function idsOf(
  registry: CertificationRegistry,
  query: Partial<CertificationQuery> = {},
): Promise<unknown[]> {
  const { order = 'ascending', limit = 100, ...filters } = query;
  const ids: unknown[] = [];
  for (let after: CertificationPlace | undefined; ;) {
    const page = await registry.list({ order, limit, ...filters, ...(after && { after }) });
    ids.push(...page.map((each) => each.record.certification_id));
    if (page.length < limit) return ids;
    after = page.at(-1)?.place;
  }
}

/** What every registry keeps to in answers about single records, mentors and lists. `open` gives an empty one. */
export function certificationListsContract(name: string, open: () => Promise<CertificationRegistry>): void {
  describe(`certifications found and listed: ${name}`, () => {
    let registry: CertificationRegistry;
    beforeEach(async () => {
      registry = await open();
    });
    afterEach(() => registry.close());

    it('finds and lists nothing in an empty registry', async () => {
      expect(await registry.find('a')).toBeUndefined();
      expect(await pagesOf('m1')).toEqual([]);
      expect(await idsOf(registry)).toEqual([]);
    });

    it('gives optional fields back as they were, wherever a record is read', async () => {
      const full = record('ü — 証明書', '2026-05-01', {
        type: 'Erste Hilfe „2“ \u{1F4C5}',
        labels: ['a|b', 'c,d', '"quoted"', "it's", '\\', '\u{1F4C5}é', ' ', '","', 'a|b'],
        status: 'suspended',
        renewable_from: '2026-02-01',
      });
      const plain = record('plain', '2026-05-02');
      await registry.upsert([full, plain], 'import-1');
      expect(await registry.find('ü — 証明書')).toEqual(full);
      expect(await registry.find('plain')).toEqual(plain);
      expect(await pagesOf('m1')).toEqual([[plain, full]]);
      for (const label of full.labels) expect(await idsOf(registry, { label })).toEqual(['ü — 証明書']);
      for (const label of ['a', 'quoted', ',', '|', '"', 'A|B', '\\\\'])
        expect(await idsOf(registry, { label })).toEqual([]);
      expect(await registry.list({ order: 'ascending', limit: 1 })).toEqual([
        { record: full, place: { expires_day: dayOf('2026-05-01'), certification_id: 'ü — 証明書' } },
      ]);
      const changed = record('ü — 証明書', '2026-05-01', { labels: ['x'] });
      await registry.upsert([changed], 'import-2');
      expect(await registry.find('ü — 証明書')).toEqual(changed);
      expect(await idsOf(registry, { label: 'a|b' })).toEqual([]);
    });

    it('finds a record by its id alone, as long as it is there', async () => {
      await registry.upsert([record('a', 'never'), record('A', '2026-05-01')], 'feed');
      expect(await registry.find('a')).toEqual(record('a', 'never'));
      expect(await registry.find('')).toBeUndefined();
      await registry.remove(['a']);
      expect(await registry.find('a')).toBeUndefined();
    });

    it('gives all records of a mentor, and no other, by id in pages', async () => {
      const ids = Array.from({ length: 1_200 }, (_, index) => `c${10_000 + index}`);
      await registry.upsert(
        [
          ...ids.toReversed().map((id) => record(id, '2026-05-01', { mentor_id: 'm2' })),
          record('c1', 'never', { mentor_id: 'm' }),
          record('c2', '2026-05-01', { mentor_id: 'm22' }),
        ],
        'feed',
      );
      const pages = await pagesOf('m2');
      expect(pages.flat().map(({ certification_id }) => certification_id)).toEqual(ids);
      expect(pages.every((page) => page.length > 0 && page.length <= 1_000)).toBe(true);
      expect(await pagesOf('m')).toEqual([[record('c1', 'never', { mentor_id: 'm' })]]);
      expect(await pagesOf('M2')).toEqual([]);
    });

    it('lists by day of expiry in UTC and id, in both directions, without what cannot be read', async () => {
      await registry.upsert(SAMPLE, 'feed');
      expect(await idsOf(registry)).toEqual(['f', 'b', 'a', 'c', 'd', 'e']);
      expect(await idsOf(registry, { order: 'descending' })).toEqual(['e', 'd', 'c', 'a', 'b', 'f']);
    });

    it.each<[Partial<CertificationQuery>, string]>([
      [{ expiresFrom: dayOf('2026-05-02') }, 'acde'],
      [{ expiresUntil: dayOf('2026-05-01') }, 'fb'],
      [{ expiresFrom: dayOf('1969-12-31'), expiresUntil: dayOf('1969-12-31') }, 'f'],
      [{ expiresFrom: dayOf('2026-05-03') }, ''],
      [{ expiresFrom: dayOf('2026-05-02'), expiresUntil: dayOf('2026-05-01') }, ''],
      [{ type: 'coach' }, 'fce'],
      [{ type: 'coac' }, ''],
      [{ label: 'gold' }, 'fae'],
      [{ label: 'eu' }, 'fac'],
      [{ status: 'active' }, 'ace'],
      [{ status: 'suspended' }, 'fb'],
      [{ status: 'withdrawn' }, 'd'],
      [{ mentorId: 'm2' }, 'bc'],
      [{ mentorId: 'm9' }, ''],
      [{ mentorId: 'm1', status: 'suspended', label: 'gold', type: 'coach' }, 'f'],
      [{ mentorId: 'm1', expiresFrom: dayOf('2026-05-02') }, 'ad'],
      [{ type: 'coach', label: 'eu', expiresFrom: dayOf('2026-05-01') }, 'c'],
      [{ status: 'suspended', type: 'first aid', mentorId: 'm1' }, ''],
    ])('lists what matches %j', async (query, letters) => {
      const ids = Array.from(letters);
      await registry.upsert(SAMPLE, 'feed');
      expect(await idsOf(registry, query)).toEqual(ids);
      expect(await idsOf(registry, { ...query, limit: 1 })).toEqual(ids);
      expect(await idsOf(registry, { ...query, order: 'descending', limit: 2 })).toEqual(ids.toReversed());
    });

    it('gives each record once in pages of any size, through days that are equal', async () => {
      const days = ['2026-05-01', '2026-05-02'];
      const records = Array.from({ length: 9 }, (_, index) => record(`c${index}`, days[index % 2] ?? ''));
      await registry.upsert(records, 'feed');
      const inOrder = ['c0', 'c2', 'c4', 'c6', 'c8', 'c1', 'c3', 'c5', 'c7'];
      for (let limit = 1; limit <= 10; limit++) {
        expect(await idsOf(registry, { limit })).toEqual(inOrder);
        expect(await idsOf(registry, { limit, order: 'descending' })).toEqual(inOrder.toReversed());
      }
    });

    it('orders ids by the bytes of their UTF-8', async () => {
      const ids = [
        'Z',
        'a',
        'aé',
        'a\u0301',
        'a\ud7ff',
        'a\ue000',
        'a\ufb01',
        'a\ufffd',
        'a\u{10000}',
        'a\u{1F4C5}',
      ];
      await registry.upsert(
        ids.toReversed().map((id) => record(id, '2026-05-01')),
        'feed',
      );
      expect(await idsOf(registry, { limit: 3 })).toEqual(ids);
      expect(await idsOf(registry, { limit: 1, order: 'descending' })).toEqual(ids.toReversed());
      expect(await pagesOf('m1')).toEqual([ids.map((id) => record(id, '2026-05-01'))]);
    });

    it('goes on behind a place whose record has gone or moved, and where no record ever was', async () => {
      const [first, second] = ['2026-05-01', '2026-05-02'];
      await registry.upsert([record('a', first), record('b', first), record('c', second)], 'feed');
      const [, at] = await registry.list({ order: 'ascending', limit: 2 });
      await registry.remove(['b']);
      const behind = async (place?: CertificationPlace, order: CertificationQuery['order'] = 'ascending') =>
        (await registry.list({ order, limit: 9, after: place })).map((each) => each.record.certification_id);
      expect(await behind(at?.place)).toEqual(['c']);
      await registry.upsert([record('b', '2026-05-03')], 'feed');
      expect(await behind(at?.place)).toEqual(['c', 'b']);
      expect(await behind(at?.place, 'descending')).toEqual(['a']);
      const between = { expires_day: dayOf(second), certification_id: '' };
      expect(await behind(between)).toEqual(['c', 'b']);
      expect(await behind({ ...between, certification_id: '\u{1F4C5}' })).toEqual(['b']);
      expect(await behind({ expires_day: -5, certification_id: 'x' })).toEqual(['a', 'c', 'b']);
      expect(await behind({ expires_day: 99_999, certification_id: 'x' })).toEqual([]);
      const outside = { order: 'ascending', limit: 9, expiresFrom: dayOf(second) } as const;
      const found = await registry.list({ ...outside, after: { expires_day: 1, certification_id: 'z' } });
      expect(found.map((each) => each.record.certification_id)).toEqual(['c', 'b']);
    });

    async function pagesOf(mentorId: string): Promise<StoredCertification[][]> {
      const pages: StoredCertification[][] = [];
      for await (const page of registry.pagesOf(mentorId)) pages.push(page);
      return pages;
    }
  });
}
