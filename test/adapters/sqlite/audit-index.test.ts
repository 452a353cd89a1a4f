import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { allEvents, eventStatements } from '../../../src/adapters/sqlite/audit-statements.js';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { auditRow } from '../../support/sample-documents.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const STATEMENTS = eventStatements();
const EVERYTHING = { cronId: undefined, actor: undefined, types: undefined, from: '', before: '~', limit: 9 };
const openStore = (path: string): ReadStore =>
  openSqliteReadStore({ clock: systemClock, ids: systemIds, path });

it.each([
  ['all', allEvents(), 'sqlite_autoindex_audit_1'],
  ['of a type', STATEMENTS.nothing.keys, 'audit_by_type'],
  ['of an actor and a type', STATEMENTS.actor.keys, 'audit_by_actor'],
  ['of a job and a type', STATEMENTS.job.keys, 'audit_by_job'],
  ['of a job, an actor and a type', STATEMENTS.both.keys, 'audit_by_job_and_actor'],
  ['the next type', STATEMENTS.nothing.nextType, 'audit_by_type'],
  ['the next type of an actor', STATEMENTS.actor.nextType, 'audit_by_actor'],
  ['the next type of a job', STATEMENTS.job.nextType, 'audit_by_job'],
  ['the next type of a job and an actor', STATEMENTS.both.nextType, 'audit_by_job_and_actor'],
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
