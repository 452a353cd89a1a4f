import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { timestampSchema } from '../../src/events/timestamp.js';
import type {
  Certification,
  CertificationRegistry,
  CertificationStatus,
} from '../../src/ports/certification-registry.js';
import type { Clock } from '../../src/ports/clock.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { certificationOf } from '../support/sample-documents.js';

const record = (
  id: string,
  status: CertificationStatus = 'active',
  expires_at = '2026-05-01',
): Certification => certificationOf({ certification_id: id, mentor_id: 'm', expires_at, status });

/** What every registry keeps to when it is asked for its size and its age. `open` gives an empty one with this clock. */
export function registrySummaryContract(
  name: string,
  open: (clock: Clock) => Promise<CertificationRegistry>,
): void {
  describe(`summary of the registry: ${name}`, () => {
    const start = Date.parse('2026-03-26T10:00:00.000Z');
    let now: number;
    let registry: CertificationRegistry;
    beforeEach(async () => {
      now = start;
      registry = await open({ ...systemClock, now: () => now });
    });
    afterEach(() => registry.close());

    const summaryOf = (total: number, active: number, suspended: number, withdrawn: number) => ({
      total,
      by_status: { active, suspended, withdrawn },
      last_changed_at: new Date(now).toISOString(),
    });

    it('has no time of a change while there never was a record', async () => {
      const empty = { total: 0, by_status: { active: 0, suspended: 0, withdrawn: 0 }, last_changed_at: null };
      expect(await registry.summary()).toEqual(empty);
      await registry.upsert([], 'feed');
      await registry.remove(['a']);
      await registry.removeAllBut('feed');
      expect(await registry.summary()).toEqual(empty);
    });

    it('counts by status, after each kind of change', async () => {
      await registry.upsert(
        [record('a'), record('b', 'suspended'), record('c'), record('d', 'withdrawn')],
        's1',
      );
      expect(await registry.summary()).toEqual(summaryOf(4, 2, 1, 1));
      expect(timestampSchema.safeParse((await registry.summary()).last_changed_at).success).toBe(true);
      await registry.upsert(
        [record('a', 'withdrawn'), record('b'), record('c', 'suspended', '2027-01-01')],
        's2',
      );
      expect(await registry.summary()).toEqual(summaryOf(4, 1, 1, 2));
      const moved: Certification = { ...record('b', 'suspended'), mentor_id: 'another' };
      await registry.upsert([record('b', 'withdrawn'), moved], 's2');
      expect(await registry.summary()).toEqual(summaryOf(4, 0, 2, 2));
      await registry.remove(['a', 'none', 'a']);
      expect(await registry.summary()).toEqual(summaryOf(3, 0, 2, 1));
      expect(await registry.removeAllBut('s2')).toBe(1);
      expect(await registry.summary()).toEqual(summaryOf(2, 0, 2, 0));
    });

    it('counts a status that is unknown in the total alone', async () => {
      await registry.upsert([record('a'), record('b', 'asleep' as CertificationStatus)], 'feed');
      expect(await registry.summary()).toEqual(summaryOf(2, 1, 0, 0));
      await registry.upsert([record('b')], 'feed');
      expect(await registry.summary()).toEqual(summaryOf(2, 2, 0, 0));
    });

    it('moves the time with each call, also when nothing changes', async () => {
      const changes: (() => Promise<unknown>)[] = [
        () => registry.upsert([record('a')], 'feed'),
        () => registry.upsert([record('a')], 'feed'),
        () => registry.upsert([], 'feed'),
        () => registry.remove(['none']),
        () => registry.removeAllBut('feed'),
      ];
      for (const change of changes) {
        now += 1_000;
        await change();
        const before = summaryOf(1, 1, 0, 0);
        expect(await registry.summary()).toEqual(before);
        now += 1_000;
        expect(await registry.summary()).toEqual(before);
      }
      await registry.remove(['a']);
      expect(await registry.summary()).toEqual(summaryOf(0, 0, 0, 0));
    });
  });
}
