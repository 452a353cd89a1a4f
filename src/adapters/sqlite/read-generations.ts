import { modelNames, type ModelName } from '../../ports/read-models.js';
import type { Generations, ReadGenerations, Rebuild } from '../../ports/read-generations.js';
import { StoreError } from '../../ports/store-error.js';
import { openReadFile, type Query } from './read-file.js';
import type { Statements } from './read-statements.js';
import { createRowQueries } from './row-queries.js';
import { slicesOf, writeSlice } from './row-slices.js';
import { generationsOf, saveGenerations } from './stored-checkpoints.js';
import type { Waiting } from './transact.js';

const REMOVED_AT_ONCE = 100;
/** After each transaction: others that want to write find the file free. */
const REST_MS = 2;

/** The generations of `read.db`. Each transaction reads which ones there are, so a change holds at once. */
export function openSqliteGenerations(waiting: Waiting): ReadGenerations {
  const { path, look, inTransaction, close } = openReadFile(waiting);

  function assertOurs(statements: Statements, { id }: Rebuild): Generations {
    const found = generationsOf(statements);
    if (found.rebuild?.id === id) return found;
    throw new StoreError('checkpoint_taken', `${path}: this rebuild of the read models was ended`);
  }

  async function removeFrom(
    model: ModelName,
    rebuild: Rebuild,
    beforeStep: () => Promise<void>,
  ): Promise<void> {
    for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE;) {
      await beforeStep();
      removed = await inTransaction((statements) => {
        const { live, beside } = assertOurs(statements, rebuild);
        if (beside !== null) return 0;
        const other = statements.placeOf(live + 1);
        const changes = other.removeSome(model, REMOVED_AT_ONCE);
        // What is left is little: the total goes with it.
        if (changes < REMOVED_AT_ONCE) other.empty(model);
        return changes;
      });
      await waiting.clock.sleep(REST_MS);
    }
  }

  return {
    knownAfterMs: 0,
    read: () => look(generationsOf),
    replace: (before, next) =>
      inTransaction((statements) => {
        if (generationsOf(statements).revision !== before.revision) return undefined;
        const stored = { ...next, revision: before.revision + 1 };
        saveGenerations(statements, stored);
        return stored;
      }),
    rowsOf(rebuild) {
      const query: Query = (work) => look((statements) => work(statements.placeOf(rebuild.generation)));
      return {
        ...createRowQueries(query, () => query, path),
        async write(changes) {
          for (const slice of slicesOf(changes)) {
            await inTransaction((statements) => {
              assertOurs(statements, rebuild);
              writeSlice([statements.placeOf(rebuild.generation)], slice);
            });
            await waiting.clock.sleep(REST_MS);
          }
        },
      };
    },
    async removeOthers(rebuild, beforeStep) {
      for (const model of modelNames) await removeFrom(model, rebuild, beforeStep);
    },
    close,
  };
}
