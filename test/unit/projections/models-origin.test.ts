import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { createModelsOrigin, type ModelsOrigin } from '../../../src/projections/models-origin.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const group = projectionGroups({ allowSeconds: false }).reminders;
const { signal } = new AbortController();
let clock: VirtualClock;
let log: EventLog;
let store: ReadStore;
let origin: ModelsOrigin;
let asked: number;

beforeEach(async () => {
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  store = openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });
  asked = 0;
  const counted: ReadStore = {
    ...store,
    readCheckpoint(name) {
      asked++;
      return store.readCheckpoint(name);
    },
  };
  origin = createModelsOrigin(group, { log, store: counted, clock });
  await append(log, 'lease-leader', 0, [sampleEvent()]);
});
afterEach(async () => {
  await Promise.all([log.close(), store.close()]);
});

async function claim(position: string, id = 'another event'): Promise<void> {
  const before = await store.readCheckpoint(group.name);
  const event = position === '' ? null : { position, id };
  const checkpoint = { position, event, projection_version: group.version, projector: `p-${position}-${id}` };
  await store.claim({ name: group.name, checkpoint, instead: before?.projector, emptied: [] });
}

async function claimOfThisLog(): Promise<void> {
  const head = await log.head();
  await claim(head, await log.eventIdAt(head));
}

/** Whether it resolves without more than asking now. */
async function isKnown(): Promise<boolean> {
  let known = false;
  const waiting = new AbortController();
  void origin.whenOfThisLog(waiting.signal).then(() => (known = !waiting.signal.aborted));
  for (let turn = 0; turn < 20; turn++) await clock.yield();
  waiting.abort();
  await clock.advance(0);
  return known;
}

it('asks once for models that are of this log, whoever projects them', async () => {
  await claimOfThisLog();
  for (let run = 0; run < 5; run++) await origin.whenOfThisLog(signal);
  expect(asked).toBe(1);
});

it.each([
  ['do not exist yet', () => Promise.resolve()],
  ['hold more than this log, which was restored', async () => claim(`${await log.head()}1`)],
  ['are of another log', async () => claim(await log.head())],
])('waits for models that %s', async (_, arrange) => {
  await arrange();
  expect(await isKnown()).toBe(false);
  let known = false;
  const waiting = origin.whenOfThisLog(signal).then(() => (known = true));
  await clock.advance(1_000);
  expect(known).toBe(false);
  await claim('');
  await clock.advance(10_000);
  await waiting;
});

it('asks again after a doubt, also one that comes while it asks', async () => {
  await claimOfThisLog();
  const first = origin.whenOfThisLog(signal);
  origin.doubt();
  await first;
  expect(asked).toBe(2);
  origin.doubt();
  await claim(await log.head());
  expect(await isKnown()).toBe(false);
});
