import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Certification,
  CertificationRegistry,
  StoredCertification,
} from '../../src/ports/certification-registry.js';
import { certificationOf } from '../support/sample-documents.js';

export const certification = (id: string, mentor: string, expires = '2026-04-26'): Certification =>
  certificationOf({ certification_id: id, mentor_id: mentor, expires_at: expires });

export async function allOf(registry: CertificationRegistry): Promise<StoredCertification[]> {
  const all: StoredCertification[] = [];
  for await (const page of registry.pages()) all.push(...page);
  return all;
}

const totalOf = async (registry: CertificationRegistry): Promise<number> => (await registry.summary()).total;

/** What every registry keeps to. `open` gives an empty one. */
export function certificationRegistryContract(
  name: string,
  open: () => Promise<CertificationRegistry>,
): void {
  describe(`certification registry: ${name}`, () => {
    let registry: CertificationRegistry;
    beforeEach(async () => {
      registry = await open();
    });
    afterEach(() => registry.close());

    it('has nothing at first', async () => {
      expect(await totalOf(registry)).toBe(0);
      expect(await allOf(registry)).toEqual([]);
      expect(await registry.removeAllBut('import-1')).toBe(0);
      await registry.upsert([], 'import-1');
      expect(await totalOf(registry)).toBe(0);
    });

    it('gives records back as they were', async () => {
      const records = [
        certification('cert-ä — 証明書', 'mentor \u{1F4C5}', '2026-04-26T10:00:00+02:00'),
        certification("it's", 'mentor "quoted"'),
      ];
      await registry.upsert(records, 'import-1');
      expect(new Set(await allOf(registry))).toEqual(new Set(records));
    });

    it('replaces the record with the same certification_id, also within one call', async () => {
      await registry.upsert(
        [certification('cert-1', 'mentor-1'), certification('cert-2', 'mentor-1')],
        'feed',
      );
      const moved = certification('cert-1', 'mentor-2', '2027-01-01');
      await registry.upsert([certification('cert-1', 'mentor-9'), moved], 'feed');
      expect(await allOf(registry)).toEqual([certification('cert-2', 'mentor-1'), moved]);
      expect(await totalOf(registry)).toBe(2);
    });

    it('gives 2,500 records in pages, by mentor and then certification, each once', async () => {
      const records = Array.from({ length: 2_500 }, (_, index) =>
        certification(`cert-${String(2_500 - index).padStart(4, '0')}`, `mentor-${(index * 7) % 3}`),
      );
      await registry.upsert(records, 'import-1');
      const pages: StoredCertification[][] = [];
      for await (const page of registry.pages()) pages.push(page);
      const place = (record: StoredCertification): string =>
        `${String(record.mentor_id)} ${String(record.certification_id)}`;
      expect(pages.flat().map(place)).toEqual(records.map(place).sort());
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.every((page) => page.length > 0)).toBe(true);
      expect(await totalOf(registry)).toBe(2_500);
    });

    it('may be left in the middle of the pages, and be walked twice at once', async () => {
      const records = Array.from({ length: 2_500 }, (_, index) => certification(`cert-${index}`, 'mentor-1'));
      await registry.upsert(records, 'import-1');
      for await (const page of registry.pages()) {
        expect(page.length).toBeLessThan(2_500);
        break;
      }
      const [one, other] = await Promise.all([allOf(registry), allOf(registry)]);
      expect(one).toHaveLength(2_500);
      expect(other).toEqual(one);
    });

    it('gives what stays in place once, while other records change between the pages', async () => {
      const stay = Array.from({ length: 2_000 }, (_, index) =>
        certification(`cert-${index}`, `mentor-${index}`),
      );
      await registry.upsert(stay, 'import-1');
      const seen: unknown[] = [];
      for await (const page of registry.pages()) {
        seen.push(...page.map(({ certification_id }) => certification_id));
        await registry.upsert([certification('cert-0', 'mentor-0', '2030-01-01')], 'feed');
        await registry.upsert([certification(`new-${seen.length}`, 'a-mentor')], 'feed');
      }
      const old = seen.filter((id) => String(id).startsWith('cert-'));
      expect(old.sort()).toEqual(stay.map(({ certification_id }) => certification_id).sort());
    });

    it('removes the records with the ids given, whatever their source, and leaves out those that are not there', async () => {
      const ids = Array.from({ length: 2_500 }, (_, index) => `cert-${index}`);
      await registry.upsert(
        ids.map((id) => certification(id, 'mentor-1')),
        'import-1',
      );
      await registry.upsert([certification('cert-2', 'mentor-2')], 'feed');
      await registry.remove([]);
      await registry.remove(['cert-none', 'CERT-1', 'cert-']);
      expect(await totalOf(registry)).toBe(2_500);
      await registry.remove([...ids.slice(1), 'cert-none', 'cert-1']);
      expect(await allOf(registry)).toEqual([certification('cert-0', 'mentor-1')]);
      await registry.upsert([certification('cert-1', 'mentor-3')], 'feed');
      expect(await totalOf(registry)).toBe(2);
    });

    it('takes upserts and removals of the same records by several at once', async () => {
      const records = Array.from({ length: 200 }, (_, index) =>
        certification(`cert-${1_000 + index}`, 'mentor-1'),
      );
      await Promise.all(['feed', 'import-1', 'import-2'].map((source) => registry.upsert(records, source)));
      expect(await allOf(registry)).toEqual(records);
      const ids = records.map(({ certification_id }) => certification_id);
      await Promise.all([registry.remove(ids), registry.remove(ids)]);
      expect(await totalOf(registry)).toBe(0);
    });

    it('removes more than a page of what is not from a source', async () => {
      const records = Array.from({ length: 2_500 }, (_, index) =>
        certification(`cert-${1_000 + index}`, 'mentor-1'),
      );
      await registry.upsert(records, 'import-1');
      await registry.upsert(records.slice(0, 100), 'import-2');
      expect(await registry.removeAllBut('import-2')).toBe(2_400);
      expect(await allOf(registry)).toEqual(records.slice(0, 100));
    });

    it('removes what is not from a source; a record belongs to the source that wrote it last', async () => {
      await registry.upsert(
        ['cert-1', 'cert-2', 'cert-3'].map((id) => certification(id, 'mentor-1')),
        'import-1',
      );
      await registry.upsert([certification('cert-2', 'mentor-1')], 'import-2');
      expect(await registry.removeAllBut('import-2')).toBe(2);
      expect(await allOf(registry)).toEqual([certification('cert-2', 'mentor-1')]);
      expect(await registry.removeAllBut('import-2')).toBe(0);
      expect(await registry.removeAllBut('import-3')).toBe(1);
      expect(await totalOf(registry)).toBe(0);
    });
  });
}
