import { afterAll, beforeAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/ports/read-store.js';
import type { Collection, Db } from 'mongodb';
import { openMongo, type Mongo } from '../../../src/adapters/mongodb/open-mongo.js';
import { createMongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { openMongoDatabase, openMongoProxy, type MongoDatabase } from '../../servers/mongo-database.js';
import { jobRow, reminderRow } from '../../support/sample-documents.js';
import { describeWithServer } from '../../servers/with-server.js';

const CHECKPOINT = { position: '7', event: null, projection_version: 1, projector: 'projector-1' };
const NAMED = { name: 'models', checkpoint: CHECKPOINT };
const FIRST = { ...NAMED, instead: undefined, emptied: [] };
/** The keys of the indexes. */
const OF_REMINDERS = [
  ['_id'],
  ['document.certification_id'],
  ['document.run_id', 'document.mentor_id', 'document.certification_id'],
];

describeWithServer('mongodb', 'MongoDB read store', (url) => {
  let database: MongoDatabase;
  let store: ReadStore;
  beforeEach(async () => {
    database = await openMongoDatabase(url);
    store = createMongoReadStore(database.mongo, systemClock);
  });
  afterEach(() => database.close());

  it('creates its indexes by itself, and finds them there', async () => {
    expect(await store.readCheckpoint('models')).toBeUndefined();
    await createMongoReadStore(database.mongo, systemClock).write([
      { model: 'jobs', rows: [jobRow('cron-a')] },
    ]);
    const keysOf = async (name: string) =>
      (await database.direct.collection(name).indexes()).map(({ key }) => Object.keys(key));
    const sorts = ['document.created_at', 'found.name', 'found.next_run_at', 'found.last_run_at'];
    const kinds = ['status', 'last_run_status', 'has_warnings', 'labels'];
    const ofJobs = [
      ['_id'],
      ...[...sorts, 'document.updated_at'].map((sort) => ['document.deleted_at', sort, '_id']),
      ...kinds.map((kind) => [`document.${kind}`, 'document.created_at', '_id']),
    ];
    expect((await keysOf('jobs')).map(String).sort()).toEqual(ofJobs.map(String).sort());
    expect((await keysOf('runs')).map(String).sort()).toEqual([
      '_id',
      'document.cron_id,document.run_no',
      'document.cron_id,found.kind,document.started_at,_id',
      'found.kind,document.started_at,_id',
    ]);
    expect(await keysOf('reminders')).toEqual(OF_REMINDERS);
  });

  it('adds its indexes to a collection of an earlier version, whose rows are no reminders until they are made anew', async () => {
    const reminders = database.direct.collection<{ _id: string }>('reminders');
    const document = { certification_id: 'cert-1', expires_at: '2026-04-26', sent: [] };
    await reminders.insertOne({ _id: 'certificationReminder-a', version: 1, document } as { _id: string });
    const row = reminderRow('certificationReminder-a/1');
    await store.write([{ model: 'reminders', rows: [row] }]);
    expect(await store.remindersOf(['cert-1'])).toEqual([row]);
    expect(await store.listReminders('run-1', { limit: 9 })).toEqual([row.document]);
    expect((await reminders.indexes()).map(({ key }) => Object.keys(key))).toEqual(OF_REMINDERS);
  });

  it('lays documents down so that others can query them', async () => {
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a', 3)] }]);
    const found = await database.direct.collection('jobs').findOne({ 'document.status': 'active' });
    expect(found).toMatchObject({ _id: 'cron-a', version: 3, document: { time_zone: 'UTC' } });
  });

  it.each<[string, object]>([
    ['without a version', { document: jobRow('cron-bad').document }],
    ['with a version that is no number', { version: '1', document: jobRow('cron-bad').document }],
    ['without a document', { version: 1 }],
    ['with a document of another kind', { version: 1, document: 'text' }],
    ['whose state is no JSON', { version: 1, document: { state: { fold_version: 1, job: '{' } } }],
    ['whose state is missing', { version: 1, document: {} }],
    [
      'whose state was changed',
      { version: 1, document: { state: { fold_version: 1, job: '{}', checksum: 1 } } },
    ],
  ])('says which row is damaged: one %s', async (_, row) => {
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
    await database.direct.collection<{ _id: string }>('jobs').insertOne({ _id: 'cron-bad', ...row });
    const damaged = {
      name: 'StoreError',
      code: 'store_damaged',
      message: expect.stringMatching(/"cron-bad" of the collection jobs/) as unknown,
    };
    await expect(store.read('jobs', ['cron-bad', 'cron-a'])).rejects.toMatchObject(damaged);
    await expect(store.readAll('jobs')[Symbol.asyncIterator]().next()).rejects.toMatchObject(damaged);
    expect((await store.read('jobs', ['cron-a'])).size).toBe(1);
  });

  it('does not write over a row whose version cannot be read', async () => {
    await database.direct.collection<{ _id: string }>('jobs').insertOne({ _id: 'cron-bad' });
    const writing = store.write([{ model: 'jobs', rows: [jobRow('cron-bad', 9)] }], NAMED);
    await expect(writing).rejects.toMatchObject({ code: 'store_damaged' });
    expect(await store.readCheckpoint('models')).toBeUndefined();
  });

  it('writes the other rows of a call when another writer comes in between reading and writing', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `row-${index}`);
    const at = (version: number) => (key: string) => ({ ...reminderRow(key), version });
    await store.write([{ model: 'reminders', rows: keys.slice(0, 50).map(at(1)) }]);
    const interfered = createMongoReadStore(
      comesInBetween(database.mongo, () =>
        store.write([{ model: 'reminders', rows: ['row-0', 'row-30', 'row-50'].map(at(9)) }]),
      ),
      systemClock,
    );
    await interfered.write([{ model: 'reminders', rows: keys.map(at(3)) }]);
    const rows = await store.read('reminders', keys);
    expect(keys.map((key) => rows.get(key)?.version)).toEqual(
      keys.map((key) => (['row-0', 'row-30', 'row-50'].includes(key) ? 9 : 3)),
    );
  });

  it('says that a checkpoint is damaged', async () => {
    await store.claim(FIRST);
    await database.direct.collection('checkpoints').updateMany({}, { $set: { checkpoint: { position: 7 } } });
    await expect(store.readCheckpoint('models')).rejects.toMatchObject({
      code: 'store_damaged',
      message: expect.stringMatching(/"models" of the collection checkpoints/) as unknown,
    });
  });

  it('never has a checkpoint that speaks of rows that are not there, wherever a call breaks off', async () => {
    const rows = ['a', 'b', 'c'].map((key) => reminderRow(key));
    const changes = [
      { model: 'jobs', rows: [jobRow('cron-a')] },
      { model: 'reminders', rows },
    ] as const;
    const anew = async (): Promise<Claim> => ({
      name: 'models',
      checkpoint: { ...CHECKPOINT, position: '', event: null },
      instead: (await store.readCheckpoint('models'))?.projector,
      emptied: ['jobs', 'reminders'],
    });
    const keepsItsWord = async (): Promise<boolean> => {
      const checkpoint = await store.readCheckpoint('models');
      if (checkpoint === undefined || checkpoint.position === '') return true;
      const [reminders, jobs] = [
        await store.read('reminders', ['a', 'b', 'c']),
        await store.read('jobs', ['cron-a']),
      ];
      return reminders.size + jobs.size === 4;
    };
    let brokenOff = 0;
    for (const calls of [1, 2, 3, 4, 5]) {
      const broken = createMongoReadStore(breaksOffAfter(calls, database.mongo), systemClock);
      await store.claim(await anew());
      await broken.write(changes, NAMED).catch(() => brokenOff++);
      expect(await keepsItsWord()).toBe(true);
      await store.write(changes, NAMED);
      const alsoBroken = createMongoReadStore(breaksOffAfter(calls, database.mongo), systemClock);
      await alsoBroken.claim(await anew()).catch(() => brokenOff++);
      expect(await keepsItsWord()).toBe(true);
    }
    expect(brokenOff).toBeGreaterThanOrEqual(6);
  });

  it('is closed by closing the client, not the store', async () => {
    await store.close();
    await store.claim(FIRST);
    await database.mongo.close();
    await expect(store.readCheckpoint('models')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('has what it wrote when it is opened again', async () => {
    await store.claim(FIRST);
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a', 2)] }], NAMED);
    const again = openMongo(database.url);
    const reopened = createMongoReadStore(again, systemClock);
    expect((await reopened.read('jobs', ['cron-a'])).get('cron-a')).toEqual(jobRow('cron-a', 2));
    expect(await reopened.readCheckpoint('models')).toEqual(CHECKPOINT);
    await again.close();
  });
});

describeWithServer('mongodb', 'a MongoDB server that is away', (url) => {
  let database: MongoDatabase;
  let through: Awaited<ReturnType<typeof openMongoProxy>>;
  let mongo: Mongo;
  beforeAll(async () => {
    database = await openMongoDatabase(url);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    through = await openMongoProxy(database.url);
    mongo = openMongo(through.url);
  });
  afterEach(async () => {
    await mongo.close();
    await through.proxy.close();
  });

  it.each(['refuse', 'hang'] as const)(
    'does not matter to opening, and heals by itself: %s',
    async (mode) => {
      through.proxy.mode(mode);
      const store = createMongoReadStore(mongo, systemClock);
      for (let times = 0; times < 2; times++) {
        await expect(store.readCheckpoint('models')).rejects.toMatchObject({
          name: 'StoreError',
          code: 'store_unavailable',
          message: expect.stringMatching(
            /^mongodb:\/\/127\.0\.0\.1:\d+\/test_\w+: cannot be reached/,
          ) as unknown,
        });
      }
      through.proxy.mode('pass');
      await store.write([{ model: 'jobs', rows: [jobRow(`cron-${mode}`)] }]);
      expect((await store.read('jobs', [`cron-${mode}`])).size).toBe(1);
    },
  );

  it('becomes an error also when it hangs in the middle of the work', async () => {
    const store = createMongoReadStore(mongo, systemClock);
    await store.claim(FIRST);
    through.proxy.mode('hang');
    const started = performance.now();
    await expect(store.readCheckpoint('models')).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }])).rejects.toBeInstanceOf(
      StoreError,
    );
    expect(performance.now() - started).toBeLessThan(14_000);
    through.proxy.mode('pass');
    expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
  });

  it('is met again with the next call after it has cut all connections', async () => {
    const store = createMongoReadStore(mongo, systemClock);
    const instead = (await store.readCheckpoint('models'))?.projector;
    await store.claim({ ...FIRST, instead });
    through.proxy.mode('refuse');
    await expect(store.write([], NAMED)).rejects.toMatchObject({ code: 'store_unavailable' });
    through.proxy.mode('pass');
    expect(await store.readCheckpoint('models')).toEqual(CHECKPOINT);
  });
});

/** Fails all that comes after so many calls; the first one asks for the indexes. */
function breaksOffAfter(calls: number, mongo: Mongo): Mongo {
  let left = calls;
  return {
    ...mongo,
    run: (work) =>
      left-- > 0 ? mongo.run(work) : Promise.reject(new StoreError('store_unavailable', 'broken off')),
  };
}

/** Lets another writer in once, after the first query for rows. */
function comesInBetween(mongo: Mongo, write: () => Promise<void>): Mongo {
  let queries = 0;
  const intercept = (collection: Collection): Collection => {
    const find = collection.find.bind(collection);
    collection.find = ((...asked: Parameters<typeof find>) => {
      const cursor = find(...asked);
      const toArray = cursor.toArray.bind(cursor);
      cursor.toArray = async () => {
        const found = await toArray();
        if (queries++ === 0) await write();
        return found;
      };
      return cursor;
    }) as typeof collection.find;
    return collection;
  };
  return {
    ...mongo,
    run: (work) =>
      mongo.run((database) => {
        const own = Object.create(database) as Db;
        own.collection = ((name: string) => intercept(database.collection(name))) as Db['collection'];
        return work(own);
      }),
  };
}
