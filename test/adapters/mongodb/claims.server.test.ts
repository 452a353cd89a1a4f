import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Mongo } from '../../../src/adapters/mongodb/open-mongo.js';
import { createMongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { EMPTYING, type Claim, type ReadStore } from '../../../src/ports/read-store.js';
import { isTaken } from '../../../src/ports/store-error.js';
import { eventually } from '../../support/eventually.js';
import { openMongoDatabase, type MongoDatabase } from '../../servers/mongo-database.js';
import { jobRow, reminderRow } from '../../support/sample-documents.js';
import { describeWithServer } from '../../servers/with-server.js';

const KEYS = ['a', 'b', 'c'];
const MODELS = ['reminders', 'jobs'] as const;
/** Calls that a claim makes here. */
const ALL_CALLS = 8;

/** A claim whose calls are made one after the other as the test lets them. */
interface SteppedClaim {
  /** Lets so many calls through, and waits for them. */
  step(calls: number): Promise<void>;
  /** Lets all others through. */
  outcome(): Promise<'done' | 'taken'>;
}

describeWithServer('mongodb', 'projectors that empty the same models in MongoDB at once', (url) => {
  let database: MongoDatabase;
  let store: ReadStore;
  beforeEach(async () => {
    database = await openMongoDatabase(url);
    store = createMongoReadStore(database.mongo, systemClock);
  });
  afterEach(() => database.close());

  const anew = (projector: string, instead: string | undefined): Claim => ({
    name: 'models',
    instead,
    emptied: MODELS,
    checkpoint: { position: '', event: null, projection_version: 1, projector },
  });
  const written = (projector: string) => ({
    name: 'models',
    checkpoint: { position: '7', event: null, projection_version: 1, projector },
  });
  const stored = () => store.readCheckpoint('models');

  async function fill(projector?: string): Promise<void> {
    const changes = [
      { model: 'reminders', rows: KEYS.map((key) => reminderRow(key)) },
      { model: 'jobs', rows: KEYS.map((key) => jobRow(key, 11)) },
    ] as const;
    await store.write(changes, projector === undefined ? undefined : written(projector));
  }

  async function rowsLeft(): Promise<number> {
    const found = await Promise.all(MODELS.map((model) => store.read(model, KEYS)));
    return found.reduce((sum, { size }) => sum + size, 0);
  }

  function begin(projector: string, instead: string | undefined): SteppedClaim {
    const waiting: (() => void)[] = [];
    let [isFree, isOver] = [false, false];
    const stepped: Mongo = {
      ...database.mongo,
      async run(work) {
        if (!isFree) await new Promise<void>((resolve) => waiting.push(resolve));
        return database.mongo.run(work);
      },
    };
    const claimed = createMongoReadStore(stepped, systemClock)
      .claim(anew(projector, instead))
      .then(
        () => 'done' as const,
        (error: unknown) => {
          if (isTaken(error)) return 'taken' as const;
          throw error;
        },
      )
      .finally(() => (isOver = true));
    const waits = (): Promise<true> => eventually('a call', () => isOver || waiting.length > 0);
    return {
      async step(calls) {
        for (let call = 0; call < calls; call++) {
          await waits();
          waiting.shift()?.();
        }
        await waits();
      },
      outcome() {
        isFree = true;
        for (const go of waiting) go();
        return claimed;
      },
    };
  }

  it.each([
    // How far the first has come when the second begins, and how far that comes before the first ends.
    ...[2, 3, 4, 5, 6, 7].flatMap((first) => [2, 4, 6].map((second) => [first, second] as const)),
  ])('leave no row behind that a checkpoint declares valid: after %d calls, then %d', async (one, two) => {
    await store.claim({ ...anew('before', undefined), emptied: [] });
    await fill('before');
    const first = begin('first', 'before');
    await first.step(one);
    const second = begin('second', (await stored())?.projector);
    await second.step(two);
    const outcomes = [await first.outcome(), await second.outcome()];
    expect(outcomes).toContain('taken');
    if ((await stored())?.projection_version !== EMPTYING) expect(await rowsLeft()).toBe(0);
    // Whoever comes then, alone, has it.
    await store.claim(anew('third', (await stored())?.projector));
    expect([await rowsLeft(), await stored()]).toEqual([0, anew('third', '').checkpoint]);
  });

  it.each([2, 3, 4, 5, 6, 7])(
    'tell the one whose rows they have taken: after %d calls another one empties and projects',
    async (calls) => {
      await store.claim({ ...anew('before', undefined), emptied: [] });
      await fill('before');
      const first = begin('first', 'before');
      await first.step(calls);
      await store.claim(anew('second', (await stored())?.projector));
      await fill('second');
      expect(await first.outcome()).toBe('taken');
      const next = await fill('second').then(() => 'done', isTaken);
      expect(next === true || (await rowsLeft()) === 2 * KEYS.length).toBe(true);
      expect((await stored())?.projection_version).toBe(next === true ? EMPTYING : 1);
    },
  );

  it('are let through call by call', async () => {
    await fill();
    const alone = begin('alone', undefined);
    await alone.step(ALL_CALLS - 1);
    expect((await stored())?.projection_version).toBe(EMPTYING);
    await alone.step(1);
    expect([await rowsLeft(), await stored()]).toEqual([0, anew('alone', '').checkpoint]);
    expect(await alone.outcome()).toBe('done');
  });
});
