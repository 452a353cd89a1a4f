import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AuditDocument } from '../../src/ports/read-models.js';
import type { EventFilter, ReadStore, Row } from '../../src/ports/read-store.js';
import { auditRow } from '../support/sample-documents.js';

const EVERYTHING: EventFilter = {
  cronId: undefined,
  actor: undefined,
  types: undefined,
  from: '',
  before: '~',
  limit: 1_000,
};
const JOBS = ['cron-1', 'cron-10', 'cron-2'];
const ACTORS = ['scheduler', 'key:nightly-sync', 'anonymous', '証明書 \u{1F4C5}'];
const TYPES = ['RunStarted', 'RunCompleted', 'CronJobUpdated', 'OfANewerVersion'];

const keyAt = (index: number): string => `0mn7a1b2${String(index % 7)}${String(index).padStart(19, '0')}`;
const rows = Array.from({ length: 300 }, (_, index) =>
  auditRow(
    keyAt(index),
    {
      cron_id: JOBS[(index * index) % JOBS.length] ?? '',
      // The last of them is rare, and so are some meetings.
      actor: ACTORS[index % 97 === 0 ? 3 : index % 3] ?? '',
      type: TYPES[index % 89 === 0 ? 3 : index % 3] ?? '',
      routine: index % 5 > 2,
    },
    1 + index,
  ),
);
const newestFirst = [...rows].sort((one, other) => (one.key < other.key ? 1 : -1));

/** What a filter means, row by row. */
function thatFit({ cronId, actor, types, from, before, limit }: EventFilter): Row<AuditDocument>[] {
  return newestFirst
    .filter(({ key, document }) => {
      const isOfJob = cronId === undefined || (document.cron_id === cronId && !document.routine);
      return (
        isOfJob &&
        document.actor === (actor ?? document.actor) &&
        (types?.includes(document.type) ?? true) &&
        key >= from &&
        key < before
      );
    })
    .slice(0, limit);
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const filters: fc.Arbitrary<EventFilter> = fc.record({
  cronId: maybe(fc.constantFrom(...JOBS, 'cron-none')),
  actor: maybe(fc.constantFrom(...ACTORS, 'nobody')),
  types: maybe(fc.uniqueArray(fc.constantFrom(...TYPES, 'None'), { minLength: 1 })),
  from: fc.oneof(fc.constant(''), fc.nat(310).map(keyAt)),
  before: fc.oneof(fc.constant('~'), fc.nat(310).map(keyAt)),
  limit: fc.integer({ min: 0, max: 40 }),
});

/** What a read store promises of the index of events. */
export function eventsContract(store: () => ReadStore): void {
  describe('the index of events', () => {
    const write = (some: Row<AuditDocument>[]) => store().write([{ model: 'audit', rows: some }]);

    it('answers each question with the newest rows that fit, newest first', async () => {
      expect(await store().listEvents(EVERYTHING)).toEqual([]);
      await write(rows);
      expect(await store().listEvents(EVERYTHING)).toEqual(newestFirst);
      await fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          expect(await store().listEvents(filter)).toEqual(thatFit(filter));
        }),
        { numRuns: 60 },
      );
    });

    it('gives each row once to whoever goes on behind the last one, also while newer ones come', async () => {
      const [later, earlier] = [newestFirst.slice(0, 100), newestFirst.slice(100)];
      await write(earlier);
      const found: Row<AuditDocument>[] = [];
      for (let before = '~', limit = 1; ; limit = (limit * 3) % 50) {
        const page = await store().listEvents({ ...EVERYTHING, before, limit });
        found.push(...page);
        before = page.at(-1)?.key ?? '';
        if (before === '') break;
        await write(later.splice(-20));
      }
      expect(found).toEqual(earlier);
    });
  });
}
