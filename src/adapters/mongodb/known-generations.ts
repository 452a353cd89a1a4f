import * as z from 'zod';
import {
  createForsakenWatch,
  FIRST_GENERATIONS,
  withoutRebuild,
  type Generations,
} from '../../ports/read-generations.js';
import type { Clock } from '../../ports/clock.js';
import { isDuplicateKey } from './mongo-error.js';
import type { Mongo } from './open-mongo.js';
import { parse } from './stored-row.js';

/** What was read so long ago is read again before it is used. */
const YOUNG_MS = 250;
/** A read that ends so long after that is not believed. */
const VALID_MS = 500;
/** Longer than both, also by a clock that goes too fast. */
export const KNOWN_AFTER_MS = 1_000;
/** Its name among the checkpoints; that of no group. */
const NAME = 'generations';

interface StoredGenerations {
  _id: string;
  generations: Generations;
}

const schema = z.object({
  _id: z.string(),
  generations: z.object({
    revision: z.int(),
    live: z.int(),
    beside: z.int().nullable(),
    last: z.int(),
    rebuild: z.object({ id: z.string(), generation: z.int(), beat: z.int() }).nullable(),
  }),
});

/** The record of the generations in MongoDB. */
export interface GenerationsRecord {
  read: () => Promise<Generations>;
  /** @returns what is stored; undefined when another one was there by then */
  replace: (before: Generations, next: Generations) => Promise<Generations | undefined>;
}

export function createGenerationsRecord({ run }: Pick<Mongo, 'run'>): GenerationsRecord {
  const name = 'checkpoints';
  return {
    async read() {
      const stored = await run((database) =>
        database.collection<StoredGenerations>(name).findOne({ _id: NAME }),
      );
      return stored === null ? FIRST_GENERATIONS : parse(schema, name, stored).generations;
    },
    async replace(before, next) {
      const generations = { ...next, revision: before.revision + 1 };
      try {
        const isStored = await run(async (database) => {
          const stored = database.collection<StoredGenerations>(name);
          if (before.revision === 0) return (await stored.insertOne({ _id: NAME, generations })).acknowledged;
          const filter = { _id: NAME, 'generations.revision': before.revision };
          return (await stored.replaceOne(filter, { generations })).matchedCount > 0;
        });
        return isStored ? generations : undefined;
      } catch (error) {
        if (error instanceof Error && isDuplicateKey(error.cause)) return undefined;
        throw error;
      }
    },
  };
}

/** What one process knows of the generations. */
export interface KnownGenerations {
  /**
   * Reads from the live generation. Without a rebuild the record is read now and then; during one, with each read, which
   * is repeated when another generation is live by its end.
   */
  reading: <T>(work: (live: number) => Promise<T>) => Promise<T>;
  /** Those to write to, in this order: the newer one first, so that it never lacks what the older one shows. */
  toWrite: () => Promise<number[]>;
  /** Ends a rebuild, whatever it has made. @returns the live generation */
  endRebuild: () => Promise<number>;
}

interface Known {
  record: Generations;
  /** When it was asked for, in milliseconds since the start of the machine. */
  since: number;
}

export function createKnownGenerations({ read, replace }: GenerationsRecord, clock: Clock): KnownGenerations {
  const isForsaken = createForsakenWatch();
  let known: Known | undefined;

  // A machine that was suspended meanwhile must not believe what it knew before.
  const age = ({ since }: Known): number => clock.sinceBoot() - since;

  async function look(): Promise<Known> {
    const since = clock.sinceBoot();
    let record = await read();
    if (isForsaken(record, since)) record = (await replace(record, withoutRebuild(record))) ?? (await read());
    const looked = { record, since };
    if ((known?.since ?? -Infinity) < since) known = looked;
    return looked;
  }

  /** While a rebuild is under way, what was read before is not enough. */
  function recent(): Known | undefined {
    return known?.record.rebuild === null && age(known) < YOUNG_MS ? known : undefined;
  }

  return {
    async reading(work) {
      for (let guess = known ?? (await look()); ;) {
        const [result, asked] = await Promise.all([work(guess.record.live), recent() ?? look()]);
        const last = age(asked) > VALID_MS ? await look() : asked;
        if (last.record.live === guess.record.live) return result;
        guess = last;
      }
    },
    async toWrite() {
      const { live, beside } = (recent() ?? (await look())).record;
      return beside === null ? [live] : [live, beside].sort((one, other) => other - one);
    },
    async endRebuild() {
      for (;;) {
        const { record } = await look();
        if (record.rebuild === null && record.beside === null) return record.live;
        await replace(record, withoutRebuild(record));
      }
    },
  };
}
