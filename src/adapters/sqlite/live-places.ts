import { withoutRebuild, type Generations } from '../../ports/read-generations.js';
import { modelNames, type ModelName } from '../../ports/read-models.js';
import { StoreError } from '../../ports/store-error.js';
import type { PlaceStatements, Statements } from './read-statements.js';
import { generationsOf, saveGenerations } from './stored-checkpoints.js';

/**
 * Where rows are written: in two places while another generation is beside the live one. Ends a rebuild that was killed.
 * @param isForsaken tells such a one
 */
export function placesToWrite(
  statements: Statements,
  isForsaken: (found: Generations) => boolean,
): PlaceStatements[] {
  const found = generationsOf(statements);
  const { live, beside } = isForsaken(found) ? endRebuild(statements, found) : found;
  return [live, ...(beside === null ? [] : [beside])].map(statements.placeOf);
}

/** Empties models, and ends a rebuild: what it has made so far may be of another log, or of another version. */
export function emptyModels(statements: Statements, emptied: readonly ModelName[]): void {
  try {
    const found = generationsOf(statements);
    const { live } = found.rebuild === null ? found : endRebuild(statements, found);
    for (const model of emptied) statements.placeOf(live).empty(model);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // Nothing tells which rows are live: those of the other groups are nobody's, either.
    statements.forgetCheckpoints.run();
    for (const place of [0, 1].map(statements.placeOf)) for (const model of modelNames) place.empty(model);
  }
}

function endRebuild(statements: Statements, found: Generations): Generations {
  const ended = { ...withoutRebuild(found), revision: found.revision + 1 };
  saveGenerations(statements, ended);
  return ended;
}
