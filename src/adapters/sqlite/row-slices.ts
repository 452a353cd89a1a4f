import type { ModelName, ReadModels } from '../../ports/read-models.js';
import type { Change, Row } from '../../ports/read-store.js';
import type { PlaceStatements } from './read-statements.js';
import { toStored } from './stored-row.js';

/** A transaction is synchronous, and blocks the process for 1 to 2 ms at most. */
export const ROWS_PER_TRANSACTION = 50;

export type ChangedRow = { [M in ModelName]: { model: M; row: Row<ReadModels[M]> } }[ModelName];

/** The rows in their order, a transaction's worth at a time. */
export function* slicesOf(changes: readonly Change[]): Generator<ChangedRow[]> {
  const all = changes.flatMap(({ model, rows }) => rows.map((row) => ({ model, row }) as ChangedRow));
  for (let at = 0; at < all.length; at += ROWS_PER_TRANSACTION)
    yield all.slice(at, at + ROWS_PER_TRANSACTION);
}

export function writeSlice(places: readonly PlaceStatements[], slice: readonly ChangedRow[]): void {
  for (const { model, row } of slice) {
    const stored = toStored(model, row);
    for (const { ofModel } of places) ofModel[model].upsert.run(stored);
  }
}
