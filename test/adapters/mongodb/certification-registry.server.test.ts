import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Binary, Long, ObjectId } from 'mongodb';
import { createMongoRegistry } from '../../../src/adapters/mongodb/certification-registry.js';
import { openMongo, type Mongo } from '../../../src/adapters/mongodb/open-mongo.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import { openMongoDatabase, openMongoProxy, type MongoDatabase } from '../../servers/mongo-database.js';
import { describeWithServer } from '../../servers/with-server.js';
import { idsOf } from '../../contract/certification-lists.contract.js';
import { allOf, certification } from '../../contract/certification-registry.contract.js';

/** What a record stands for that has none of the optional fields. */
const LEFT_OUT = { type: null, labels: [], status: 'active', renewable_from: null };

describeWithServer(
  'mongodb',
  'MongoDB certification registry with records that another program wrote',
  (url) => {
    let database: MongoDatabase;
    let registry: CertificationRegistry;
    beforeEach(async () => {
      database = await openMongoDatabase(url);
      registry = createMongoRegistry(database.mongo, systemClock);
    });
    afterEach(() => database.close());

    async function writeDirectly(
      records: readonly { _id: unknown; [field: string]: unknown }[],
    ): Promise<void> {
      const sources = records.map((record) => ({ source: 'elsewhere', ...record }));
      await database.direct.collection<{ _id: unknown }>('certifications').insertMany(sources);
    }

    it('creates its indexes by itself, before the first walk', async () => {
      expect(await allOf(registry)).toEqual([]);
      const indexes = await database.direct.collection('certifications').indexes();
      expect(indexes.map(({ key }) => Object.keys(key))).toHaveLength(7);
      expect(indexes.map(({ key }) => Object.keys(key))).toEqual(
        expect.arrayContaining([
          ['_id'],
          ['mentor_id', '_id'],
          ['source'],
          ['expires_day', '_id'],
          ['type', 'expires_day', '_id'],
          ['labels', 'expires_day', '_id'],
          ['status', 'expires_day', '_id'],
        ]),
      );
    });

    it('is the same to another process that opens it, whose indexes are there already', async () => {
      await registry.upsert([certification('cert-1', 'mentor-1')], 'import-1');
      for (let process = 0; process < 2; process++) {
        const mongo = openMongo(database.url);
        const other = createMongoRegistry(mongo, systemClock);
        expect(await allOf(other)).toEqual([certification('cert-1', 'mentor-1')]);
        await other.upsert([certification('cert-1', 'mentor-1')], 'import-1');
        await mongo.close();
      }
    });

    it('gives bad values as they lie there, among the good ones', async () => {
      const bad: [id: unknown, mentor: unknown, expires: unknown][] = [
        ['cert-bytes', new Binary(Buffer.from([1, 2, 3])), '2026-01-01'],
        ['cert-empty', '', ''],
        ['cert-null', null, null],
        ['cert-number', 17, 20_260_101.5],
        ['cert-text', 'mentor-1', 'next summer'],
        ['cert-date', new Date(0), new Date(1)],
        ['cert-document', { a: { b: [1] } }, { ref: 'x', id: 1 }],
        ['cert-array', ['mentor-1', 'mentor-2'], []],
        ['cert-boolean', true, false],
        ['cert-object-id', new ObjectId('65f000000000000000000000'), Long.fromString('9007199254740993')],
        [17.5, 'mentor-1', '2026-01-01'],
        [new ObjectId('65f000000000000000000001'), 'mentor-1', '2026-01-01'],
        [{ region: 'x', no: 1 }, 'mentor-1', '2026-01-01'],
        ['', 'mentor-1', '2026-01-01'],
      ];
      await writeDirectly(bad.map(([_id, mentor_id, expires_at]) => ({ _id, mentor_id, expires_at })));
      await writeDirectly([{ _id: 'cert-missing' }]);
      await registry.upsert([certification('cert-good', 'mentor-1')], 'import-1');
      const byId = new Map(
        (await allOf(registry)).map((record) => [JSON.stringify(record.certification_id), record]),
      );
      expect(byId.size).toBe(bad.length + 2);
      for (const [id, mentor_id, expires_at] of bad) {
        expect(byId.get(JSON.stringify(id))).toEqual({
          certification_id: id,
          mentor_id,
          expires_at,
          ...LEFT_OUT,
        });
      }
      expect(byId.get('"cert-document"')?.mentor_id).toEqual({ a: { b: [1] } });
      expect(byId.get('"cert-missing"')).toEqual({ certification_id: 'cert-missing', ...LEFT_OUT });
      expect(byId.get('"cert-good"')).toEqual(certification('cert-good', 'mentor-1'));
      expect((await registry.summary()).total).toBe(byId.size);
      await registry.remove(['cert-null', 'cert-array']);
      expect(await registry.removeAllBut('import-1')).toBe(byId.size - 3);
      expect(await allOf(registry)).toEqual([certification('cert-good', 'mentor-1')]);
    });

    it.each<[string, (index: number) => unknown]>([
      ['numbers', (index) => index + 0.5],
      ['bytes', (index) => new Binary(Buffer.from([index % 256, index >> 8]))],
      ['empty', () => ''],
      ['null', () => null],
      ['missing', () => undefined],
      ['dates', (index) => new Date(index)],
      ['documents', (index) => ({ id: `mentor-${index % 7}` })],
      ['arrays', (index) => [`mentor-${index % 7}`, index, 'z']],
      [
        'of many types',
        (index) => [null, index, `m-${index}`, true, { a: 1 }, new Date(index), ['m']][index % 7],
      ],
    ])('gives every record when the mentor_id of more than a page of them is %s', async (_, mentor) => {
      const bad = Array.from({ length: 2_100 }, (_, index) => {
        const mentor_id = mentor(index);
        return {
          _id: `bad-${index}`,
          ...(mentor_id === undefined ? {} : { mentor_id }),
          expires_at: '2026-01-01',
        };
      });
      await writeDirectly(bad);
      await registry.upsert([certification('cert-good', 'mentor-1')], 'import-1');
      const ids = (await allOf(registry)).map(({ certification_id }) => certification_id);
      expect(ids).toHaveLength(2_101);
      expect(new Set(ids).size).toBe(2_101);
      expect(ids).toContain('cert-good');
    });

    it('keeps the good records of a mentor together, whatever lies between', async () => {
      await writeDirectly(
        Array.from({ length: 300 }, (_, index) => ({ _id: index, mentor_id: ['a', index, null][index % 3] })),
      );
      const good = Array.from({ length: 1_500 }, (_, index) =>
        certification(`cert-${index}`, `m-${index % 2}`),
      );
      await registry.upsert(good, 'import-1');
      const mentors = (await allOf(registry))
        .map(({ mentor_id }) => mentor_id)
        .filter((id) => String(id).startsWith('m-'));
      expect(mentors).toEqual([...mentors].sort());
      expect(mentors).toHaveLength(1_500);
    });

    it('removes records of other sources whatever their ids, and those without a source', async () => {
      await writeDirectly([
        { _id: Long.fromString('9007199254740993'), mentor_id: 'mentor-1' },
        { _id: Long.fromString('9007199254740995'), mentor_id: 'mentor-1' },
        { _id: new Date(5), mentor_id: 'mentor-1' },
        { _id: true, source: null },
        { _id: { a: 1 }, source: ['import-1x'] },
      ]);
      await registry.upsert([certification('cert-good', 'mentor-1')], 'import-1');
      expect(await registry.removeAllBut('import-1')).toBe(5);
      expect(await allOf(registry)).toEqual([certification('cert-good', 'mentor-1')]);
    });

    it('gives bad optional values as they lie there, and counts a status that it does not know in the total', async () => {
      const bad = { type: 5, labels: 'gold', status: null, renewable_from: new Date(1) };
      await writeDirectly([
        { _id: 'bad', mentor_id: 'm', expires_at: '2026-05-01', ...bad },
        { _id: 'asleep', mentor_id: 'm', expires_at: '2026-05-01', status: 'asleep' },
        { _id: 'missing', mentor_id: 'm', expires_at: '2026-05-01' },
      ]);
      expect(await registry.find('bad')).toMatchObject(bad);
      const by_status = { active: 1, suspended: 0, withdrawn: 0 };
      expect(await registry.summary()).toMatchObject({ total: 3, by_status });
      expect(await idsOf(registry, { status: 'active' })).toEqual(['missing']);
      expect((await registry.list({ order: 'ascending', limit: 9 }))[1]?.record).toMatchObject(bad);
    });

    it('lists what an earlier version has written, also while another process does the same', async () => {
      const ids = Array.from({ length: 120 }, (_, index) => `c${1_000 + index}`);
      await writeDirectly([
        ...ids.map((_id) => ({ _id, mentor_id: 'm', expires_at: '2026-05-01' })),
        { _id: 'null', mentor_id: 'm', expires_at: null },
        { _id: 'text', mentor_id: 'm', expires_at: 'next summer' },
        { _id: 'document', mentor_id: 'm', expires_at: { a: 1 } },
        { _id: 17, mentor_id: 'm', expires_at: '2026-05-01' },
      ]);
      const mongo = openMongo(database.url);
      const other = createMongoRegistry(mongo, systemClock);
      // FerretDB 1 takes no second attempt to create the indexes.
      await registry.find('c1000');
      const lists = await Promise.all([idsOf(registry), idsOf(registry), idsOf(other)]);
      await mongo.close();
      expect(lists).toEqual([ids, ids, ids]);
      const records = database.direct.collection('certifications');
      expect(await records.countDocuments({ expires_day: { $exists: false } })).toBe(0);
      expect(await records.countDocuments({ expires_day: false })).toBe(4);
      // One that goes on writing.
      await records.replaceOne(
        { source: 'elsewhere', expires_at: 'next summer' },
        { expires_at: '2026-05-02' },
      );
      expect(await idsOf(registry)).toEqual([...ids, 'text']);
      expect(await registry.find('c1000')).toEqual(certification('c1000', 'm', '2026-05-01'));
    });

    it('has changed when this version first looks, where an earlier one has left records', async () => {
      await writeDirectly([{ _id: 'a', mentor_id: 'm', expires_at: '2026-05-01' }]);
      const first = '2026-03-26T10:00:00.000Z';
      const at = (now: string) =>
        createMongoRegistry(database.mongo, { ...systemClock, now: () => Date.parse(now) });
      expect((await at(first).summary()).last_changed_at).toBe(first);
      expect((await at('2026-03-27T10:00:00.000Z').summary()).last_changed_at).toBe(first);
      const later = '2026-03-28T10:00:00.000Z';
      await at(later).remove(['a']);
      expect(await at(first).summary()).toMatchObject({ total: 0, last_changed_at: later });
    });
  },
);

describeWithServer('mongodb', 'MongoDB certification registry whose server goes away', (url) => {
  let database: MongoDatabase;
  let through: Awaited<ReturnType<typeof openMongoProxy>>;
  let mongo: Mongo;
  beforeEach(async () => {
    database = await openMongoDatabase(url);
    through = await openMongoProxy(database.url);
    mongo = openMongo(through.url);
  });
  afterEach(async () => {
    await mongo.close();
    await through.proxy.close();
    await database.close();
  });

  it('ends the walk with an error, never as if it were complete', async () => {
    const registry = createMongoRegistry(mongo, systemClock);
    const records = Array.from({ length: 3_500 }, (_, index) => certification(`cert-${index}`, 'mentor-1'));
    await registry.upsert(records, 'import-1');
    let seen = 0;
    const walk = async () => {
      for await (const page of registry.pages()) {
        seen += page.length;
        through.proxy.mode('refuse');
      }
    };
    await expect(walk()).rejects.toMatchObject({ name: 'StoreError', code: 'store_unavailable' });
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(3_500);
    through.proxy.mode('pass');
    expect(await allOf(registry)).toHaveLength(3_500);
  });

  it('may be left in the middle of a walk also then', async () => {
    const registry = createMongoRegistry(mongo, systemClock);
    const records = Array.from({ length: 1_500 }, (_, index) => certification(`cert-${index}`, 'mentor-1'));
    await registry.upsert(records, 'import-1');
    for await (const page of registry.pages()) {
      expect(page.length).toBeGreaterThan(0);
      through.proxy.mode('hang');
      break;
    }
    through.proxy.mode('pass');
    expect((await registry.summary()).total).toBe(1_500);
  });
});
