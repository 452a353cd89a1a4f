import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { createMendingStore } from '../../../src/projections/mending-store.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { sampleRows } from '../../support/sample-documents.js';

const options = { clock: systemClock, ids: systemIds, path: ':memory:' };
const groups = Object.values(projectionGroups({ allowSeconds: false }));
const damaged = new StoreError('store_damaged', 'a row is damaged');
const fail = () => Promise.reject(damaged);

let log: EventLog;
let store: ReadStore;
beforeEach(() => {
  log = openSqliteEventLog(options);
  store = openSqliteReadStore(options);
});
afterEach(async () => {
  await Promise.all([log.close(), store.close()]);
});

it.each<[keyof ReadStore, (mending: ReadStore) => Promise<unknown>]>([
  ['read', (mending) => mending.read('jobs', ['cron-1'])],
  ['listJobs', (mending) => mending.listJobs({ offset: 0, limit: 1 })],
  ['listRuns', (mending) => mending.listRuns('cron-1', { from: 1, to: 1 })],
  ['remindersOf', (mending) => mending.remindersOf(['cert-1'])],
  ['listReminders', (mending) => mending.listReminders('run-1', { limit: 1 })],
])('damage that %s meets is told, and the models are made anew', async (name, ask) => {
  await store.write([{ model: 'reminders', rows: [sampleRows.reminders] }]);
  const broken: ReadStore = { ...store, [name]: fail };
  const logger = createCollectingLogger();
  const mending = createMendingStore(groups, { log, store: broken, ids: systemIds, logger });
  await expect(ask(mending)).rejects.toBe(damaged);
  await eventually('the models are emptied', async () => {
    return (await store.remindersOf([sampleRows.reminders.document.certification_id])).length === 0;
  });
});
