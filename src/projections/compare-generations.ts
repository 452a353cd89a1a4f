import type { GenerationRows } from '../ports/read-generations.js';
import type { ModelName } from '../ports/read-models.js';
import type { Change, ReadStore, Row } from '../ports/read-store.js';
import type { ProjectionGroup } from './projection.js';
import { RebuildError } from './rebuild-error.js';

export interface ComparedGenerations {
  /** The live rows. */
  live: Pick<ReadStore, 'readAll'>;
  /** Those that are to be live next. */
  next: GenerationRows;
  groups: readonly ProjectionGroup[];
  beforePage: () => Promise<void>;
}

/**
 * Proves that no live row is newer than that of the next generation. It compares the last model of each group, whose rows
 * show that those of the others are there. What is behind is written again: a store whose guard is not atomic
 * (FerretDB 1) may have lost it to another writer.
 * @returns the number of rows compared. @throws RebuildError when one stays behind; StoreError
 */
export async function compareGenerations({
  live,
  next,
  groups,
  beforePage,
}: ComparedGenerations): Promise<number> {
  let compared = 0;
  for (const { projections } of groups) {
    const model = projections.at(-1)?.model;
    if (model === undefined) continue;
    for await (const page of live.readAll(model)) {
      await beforePage();
      compared += page.length;
      const behind = await rowsBehind(next, model, page);
      if (behind.length === 0) continue;
      await next.write([{ model, rows: behind } as Change]);
      const [row] = await rowsBehind(next, model, behind);
      if (row !== undefined)
        throw new RebuildError(
          `the new ${model} lack version ${row.version} of ${row.key}: the read models are those from before`,
        );
    }
  }
  return compared;
}

async function rowsBehind(
  next: GenerationRows,
  model: ModelName,
  page: readonly Row<object>[],
): Promise<Row<object>[]> {
  const found = await next.read(
    model,
    page.map(({ key }) => key),
  );
  return page.filter(({ key, version }) => (found.get(key)?.version ?? 0) < version);
}
