import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ALL_EVENTS, EVENT_STATEMENTS } from '../../../src/adapters/sqlite/audit-statements.js';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { auditRow, jobRow, sampleRows } from '../../support/sample-documents.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const CHECKPOINT = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
const EVERYTHING = { cronId: undefined, actor: undefined, types: undefined, from: '', before: '~', limit: 9 };
const openStore = (path: string): ReadStore =>
  openSqliteReadStore({ clock: systemClock, ids: systemIds, path });

it.each([
  ['all', ALL_EVENTS, 'sqlite_autoindex_audit_1'],
  ['of a type', EVENT_STATEMENTS.nothing.keys, 'audit_by_type'],
  ['of an actor and a type', EVENT_STATEMENTS.actor.keys, 'audit_by_actor'],
  ['of a job and a type', EVENT_STATEMENTS.job.keys, 'audit_by_job'],
  ['of a job, an actor and a type', EVENT_STATEMENTS.both.keys, 'audit_by_job_and_actor'],
  ['the next type', EVENT_STATEMENTS.nothing.nextType, 'audit_by_type'],
  ['the next type of an actor', EVENT_STATEMENTS.actor.nextType, 'audit_by_actor'],
  ['the next type of a job', EVENT_STATEMENTS.job.nextType, 'audit_by_job'],
  ['the next type of a job and an actor', EVENT_STATEMENTS.both.nextType, 'audit_by_job_and_actor'],
])(
  'events are found by an index that has all there is to know, in its order: %s',
  async (_, query, index) => {
    const path = join(temporaryFolder(), 'read.db');
    await openStore(path).close();
    const db = new Database(path);
    const given = { type: 't', actor: 'a', job: 'j', from: '', before: '~', limit: 9 };
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${query}`).all(given) as { detail: string }[];
    db.close();
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(new RegExp(`^SEARCH audit USING COVERING INDEX ${index} \\(.*\\)$`)),
    ]);
  },
);

it('a file of an earlier version gets the index, and keeps its other models and where they stand', async () => {
  const path = join(temporaryFolder(), 'read.db');
  const earlier = openStore(path);
  for (const name of ['jobs', 'reminders', 'audit'])
    await earlier.claim({ name, checkpoint: CHECKPOINT, instead: undefined, emptied: [] });
  await earlier.write([
    { model: 'jobs', rows: [jobRow('cron-a')] },
    { model: 'reminders', rows: [sampleRows.reminders] },
    { model: 'audit', rows: [sampleRows.audit] },
  ]);
  await earlier.close();
  const db = new Database(path);
  db.exec('DROP TABLE audit');
  db.close();

  const store = openStore(path);
  expect((await store.listJobs({ offset: 0, limit: 9 })).total).toBe(1);
  expect((await store.read('reminders', [sampleRows.reminders.key])).size).toBe(1);
  expect(await store.readCheckpoint('jobs')).toEqual(CHECKPOINT);
  expect(await store.readCheckpoint('reminders')).toEqual(CHECKPOINT);
  // What says that it has been filled must not outlive it.
  expect(await store.readCheckpoint('audit')).toBeUndefined();
  expect(await store.listEvents(EVERYTHING)).toEqual([]);
  await store.write([{ model: 'audit', rows: [sampleRows.audit] }]);
  const another = openStore(path);
  expect(await another.listEvents(EVERYTHING)).toEqual([sampleRows.audit]);
  await Promise.all([store.close(), another.close()]);
});

it('a changed row of the index is noticed', async () => {
  const path = join(temporaryFolder(), 'read.db');
  const store = openStore(path);
  await store.write([{ model: 'audit', rows: [auditRow('1', { actor: 'key:alice' })] }]);
  const db = new Database(path);
  db.exec("UPDATE audit SET actor = 'key:bob'");
  db.close();
  await expect(store.listEvents(EVERYTHING)).rejects.toMatchObject({ code: 'store_damaged' });
  await store.close();
});
