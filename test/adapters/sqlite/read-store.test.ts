import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { remindersOfOne, remindersOfRun } from '../../../src/adapters/sqlite/read-statements.js';
import { openSqliteGenerations } from '../../../src/adapters/sqlite/read-generations.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { FIRST_GENERATIONS } from '../../../src/ports/read-generations.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { jobRow, sampleRows } from '../../support/sample-documents.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const openStore = (path: string): ReadStore =>
  openSqliteReadStore({ clock: systemClock, ids: systemIds, path });

describe('SQLite read store', () => {
  it('has rows and checkpoint again when it is opened again, and shares them with another connection', async () => {
    const path = join(temporaryFolder(), 'read.db');
    const checkpoint = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
    const first = openStore(path);
    await first.claim({ name: 'models', checkpoint, instead: undefined, emptied: [] });
    await first.write([{ model: 'jobs', rows: [jobRow('cron-a', 2)] }], { name: 'models', checkpoint });
    const second = openStore(path);
    await second.write([{ model: 'jobs', rows: [jobRow('cron-a', 1), jobRow('cron-b')] }]);
    await Promise.all([first.close(), second.close()]);
    const store = openStore(path);
    const rows = await store.read('jobs', ['cron-a', 'cron-b']);
    expect([...rows.values()].map(({ key, version }) => [key, version])).toEqual([
      ['cron-a', 2],
      ['cron-b', 1],
    ]);
    expect(await store.readCheckpoint('models')).toEqual(checkpoint);
    await store.close();
  });

  it('begins anew where the table of a model is missing, so that none stays empty behind a checkpoint', async () => {
    const path = join(temporaryFolder(), 'read.db');
    const checkpoint = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
    const earlier = openStore(path);
    await earlier.claim({ name: 'models', checkpoint, instead: undefined, emptied: [] });
    await earlier.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
    await earlier.close();
    const db = new Database(path);
    db.exec('DROP TABLE reminders');
    db.close();
    const store = openStore(path);
    expect(await store.readCheckpoint('models')).toBeUndefined();
    await store.write([{ model: 'reminders', rows: [sampleRows.reminders] }]);
    expect((await store.read('reminders', [sampleRows.reminders.key])).size).toBe(1);
    const second = openStore(path);
    expect((await second.read('reminders', [sampleRows.reminders.key])).size).toBe(1);
    await Promise.all([store.close(), second.close()]);
  });

  it.each([
    ['of a certification', remindersOfOne(), ['cert', 'key', 100], 'reminders_of_certification'],
    [
      'of a run, wherever the page is',
      remindersOfRun(),
      [{ run_id: 'run', mentor_id: 'm', certification_id: 'c', key: 'k', limit: 100 }],
      'reminders_of_run',
    ],
  ])('finds the reminders %s by an index that is in their order', async (_, query, given, index) => {
    const path = join(temporaryFolder(), 'read.db');
    await openStore(path).close();
    const db = new Database(path);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...given) as { detail: string }[];
    db.close();
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(new RegExp(`^SEARCH reminders USING INDEX ${index} .*>`)),
    ]);
  });

  it('believes no record of the generations that was changed: whoever empties models then begins anew with all', async () => {
    const path = join(temporaryFolder(), 'read.db');
    const store = openStore(path);
    const generations = openSqliteGenerations({ clock: systemClock, ids: systemIds, path });
    const checkpoint = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
    for (const name of ['models', 'others'])
      await store.claim({ name, checkpoint, instead: undefined, emptied: [] });
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
    await generations.replace(FIRST_GENERATIONS, { ...FIRST_GENERATIONS, last: 1 });
    const db = new Database(path);
    db.exec(`UPDATE checkpoints SET checkpoint = replace(checkpoint, '"live":0', '"live":1')`);
    db.close();
    await expect(store.read('jobs', ['cron-a'])).rejects.toMatchObject({ code: 'store_damaged' });
    await store.claim({ name: 'models', checkpoint, instead: 'projector-1', emptied: ['runs'] });
    expect((await store.read('jobs', ['cron-a'])).size).toBe(0);
    expect(await store.readCheckpoint('models')).toEqual(checkpoint);
    expect(await store.readCheckpoint('others')).toBeUndefined();
    await Promise.all([store.close(), generations.close()]);
  });

  it('keeps nothing of a call that fails in the middle', async () => {
    const store = openStore(':memory:');
    const broken = { ...jobRow('cron-b'), version: null as unknown as number };
    const checkpoint = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
    await store.claim({ name: 'models', checkpoint, instead: undefined, emptied: [] });
    const writing = store.write([{ model: 'jobs', rows: [jobRow('cron-a'), broken] }], {
      name: 'models',
      checkpoint: { ...checkpoint, position: '8' },
    });
    await expect(writing).rejects.toMatchObject({ name: 'StoreError' });
    expect((await store.read('jobs', ['cron-a'])).size).toBe(0);
    expect(await store.readCheckpoint('models')).toEqual(checkpoint);
    await store.close();
  });
});
