import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { AppendedEvent } from '../../../src/ports/event-log.js';
import type { ReminderDocument } from '../../../src/ports/read-models.js';
import type { ReadStore, Row } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { project } from '../../../src/projections/project.js';
import { sampleEvent } from '../../support/sample-events.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const group = projectionGroups({ allowSeconds: false }).reminders;
const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
/** As version 1 of the event was. */
const EARLY = {
  cron_id: 'cron-1',
  run_id: 'run-1',
  mentor_id: 'mentor-1',
  certification_id: 'cert-1',
  expires_at: '2026-04-26',
  threshold_days: 30,
  days_left: 29,
  requested_at: '2026-03-27T02:00:01.000Z',
};
const ASKED = { ...EARLY, type: 'first-aid' };

function requested(stream: string, version: number, changes: Partial<typeof ASKED> = {}): AppendedEvent {
  const event = sampleEvent({ ...ASKED, ...changes }, `${stream} ${version}`);
  return {
    ...event,
    type: 'ReminderRequested',
    metadata: { ...event.metadata, schema_version: 2 },
    stream,
    version,
  };
}

const openStore = (): ReadStore => openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });

async function take(store: ReadStore, events: readonly AppendedEvent[]): Promise<void> {
  await store.write((await project({ store, clock }, group, events)) ?? []);
}

async function rowsOf(store: ReadStore): Promise<Row<ReminderDocument>[]> {
  const rows: Row<ReminderDocument>[] = [];
  for await (const page of store.readAll('reminders')) rows.push(...page);
  return rows.sort((one, other) => (one.key < other.key ? -1 : 1));
}

it('each reminder is a row, which says what was asked for and where in the log', async () => {
  const store = openStore();
  await take(store, [
    requested('certificationReminder-a', 1),
    requested('certificationReminder-a', 2, { threshold_days: 7, days_left: 7, run_id: 'run-2' }),
    requested('certificationReminder-b', 1, { certification_id: 'cert-2' }),
  ]);
  const stream = 'certificationReminder-a';
  expect(await rowsOf(store)).toEqual([
    { key: `${stream}/1`, version: 1, document: { ...ASKED, stream } },
    {
      key: `${stream}/2`,
      version: 2,
      document: { ...ASKED, threshold_days: 7, days_left: 7, run_id: 'run-2', stream },
    },
    {
      key: 'certificationReminder-b/1',
      version: 1,
      document: { ...ASKED, certification_id: 'cert-2', stream: 'certificationReminder-b' },
    },
  ]);
});

it('a stream of an earlier version, of a certification and an expiry date, has rows like any other', async () => {
  const store = openStore();
  const early = {
    ...requested('certificationReminder-of-a-date', 3),
    data: EARLY,
    metadata: { ...sampleEvent().metadata, schema_version: 1 },
  };
  await take(store, [early, requested('certificationReminder-of-all', 1)]);
  const found = await store.remindersOf([ASKED.certification_id]);
  expect(found.map(({ key, document }) => [key, document.type])).toEqual([
    ['certificationReminder-of-a-date/3', null],
    ['certificationReminder-of-all/1', 'first-aid'],
  ]);
});

it('whatever is delivered again, in whatever order and slices, the rows are the same', async () => {
  const events = ['a', 'b', 'c'].flatMap((name) =>
    [1, 2, 3].map((version) =>
      requested(`certificationReminder-${name}`, version, { threshold_days: 30 - version }),
    ),
  );
  const once = openStore();
  await take(once, events);
  const expected = await rowsOf(once);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom(...events), { maxLength: 8 }), { maxLength: 4 }),
      async (slices) => {
        const store = openStore();
        for (const slice of [...slices, events, ...slices]) await take(store, slice);
        expect(await rowsOf(store)).toEqual(expected);
        await store.close();
      },
    ),
    { numRuns: 40 },
  );
});
