import type { ModelName, ReadModels } from '../../ports/read-models.js';
import type { ReadStore, Row } from '../../ports/read-store.js';
import type { Query } from './read-file.js';
import { fromStored, type StoredRow } from './stored-row.js';

/** Each query is synchronous, and blocks the process for 1 to 2 ms at most. */
const KEYS_PER_QUERY = 50;

/**
 * The rows of any model, by their keys.
 * @param inOneFile gives what runs the queries of one answer
 */
export function createRowQueries(
  query: Query,
  inOneFile: () => Query,
  path: string,
): Pick<ReadStore, 'read' | 'readAll'> {
  return {
    async read<M extends ModelName>(model: M, keys: readonly string[]) {
      const found = new Map<string, Row<ReadModels[M]>>();
      for (let at = 0; at < keys.length; at += KEYS_PER_QUERY) {
        const some = keys.slice(at, at + KEYS_PER_QUERY);
        await query(({ ofModel }) => {
          for (const stored of ofModel[model].byKeys.all(JSON.stringify(some)) as StoredRow[])
            found.set(stored.key, fromStored(model, stored, path));
        });
      }
      return found;
    },
    async *readAll<M extends ModelName>(model: M) {
      let after = '';
      const ofOneFile = inOneFile();
      for (;;) {
        const rows = await ofOneFile(({ ofModel }) => {
          const stored = ofModel[model].pageAfter.all(after) as StoredRow[];
          after = stored.at(-1)?.key ?? after;
          return stored.map((row) => fromStored(model, row, path));
        });
        if (rows.length === 0) return;
        yield rows;
      }
    },
  };
}
