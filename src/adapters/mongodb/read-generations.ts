import { modelNames } from '../../ports/read-models.js';
import type { ReadGenerations } from '../../ports/read-generations.js';
import { createGenerationRows } from './generation-rows.js';
import { createGenerationsRecord, KNOWN_AFTER_MS } from './known-generations.js';
import type { Mongo } from './open-mongo.js';

/**
 * The generations of the read models in MongoDB. Each has collections of its own, whose names never come again: what a
 * process writes or removes late is in none that is shown. Closing it leaves the shared client open.
 */
export function createMongoGenerations(mongo: Mongo): ReadGenerations {
  const { read, replace } = createGenerationsRecord(mongo);
  const rowsOf = createGenerationRows(mongo);

  return {
    knownAfterMs: KNOWN_AFTER_MS,
    read,
    replace,
    rowsOf({ generation }) {
      const rows = rowsOf(generation);
      return {
        read: rows.read,
        write: rows.write,
        async *readAll(model) {
          for (let page = await rows.pageAfter(model, undefined); page.length > 0;) {
            yield page;
            page = await rows.pageAfter(model, page.at(-1)?.key);
          }
        },
      };
    },
    async removeOthers(_, beforeStep) {
      await beforeStep();
      const { live, beside } = await read();
      const kept = [live, ...(beside === null ? [] : [beside])];
      const names = await mongo.run((database) =>
        database
          .listCollections({}, { nameOnly: true })
          .map(({ name }) => name)
          .toArray(),
      );
      for (const name of names) {
        const [, model, generation = '0'] = /^(.+?)(?:_(\d+))?$/.exec(name) ?? [];
        if (!modelNames.some((each) => each === model) || kept.includes(Number(generation))) continue;
        await beforeStep();
        await mongo.run((database) => database.dropCollection(name));
      }
    },
    close: () => Promise.resolve(),
  };
}
