import type { GenerationRows } from '../ports/read-generations.js';
import type { ModelName } from '../ports/read-models.js';
import type { Change, ReadStore, Row } from '../ports/read-store.js';
import { modelsOf, type ProjectionGroup } from './projection.js';
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
 * show that those of the others are there. What is behind is written again, as is what a store whose guard is not atomic
 * (FerretDB 1) has lost to another writer.
 * @returns the number of rows compared. @throws RebuildError when one stays behind; StoreError
 */
export async function compareGenerations({
  live,
  next,
  groups,
  beforePage,
}: ComparedGenerations): Promise<number> {
  let compared = 0;
  for (const model of groups.flatMap(comparedModels)) {
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

/**
 * The last model of a group, and what is kept beside its rows: an event that a row has already is not projected again, so
 * one whose row a writer has moved on meanwhile leaves nothing beside it.
 */
function comparedModels({ projections }: ProjectionGroup): ModelName[] {
  return modelsOf({ projections: projections.slice(-1) });
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
