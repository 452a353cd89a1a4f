import type { Generations } from '../../ports/read-generations.js';
import { FIRST_GENERATIONS } from '../../ports/read-generations.js';
import type { Checkpoint } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { checksumOf } from '../checksum-of.js';
import type { Statements } from './read-statements.js';

/** Stands for one that is not what was written: it is nobody's, and of no version, so the models are made anew. */
const DAMAGED: Checkpoint = { position: '', event: null, projection_version: 0, projector: '' };
/** The name of no group. */
const GENERATIONS = 'generations';

export function checkpointOf(statements: Statements, name: string): Checkpoint | undefined {
  const text = textOf(statements, name);
  if (text === undefined) return undefined;
  return text === null ? DAMAGED : (JSON.parse(text) as Checkpoint);
}

export function saveCheckpoint(statements: Statements, name: string, checkpoint: Checkpoint): void {
  save(statements, name, checkpoint);
}

/**
 * Which generation is live: none was ever made where nothing is stored.
 * @throws StoreError store_damaged: nothing tells which rows are the live ones
 */
export function generationsOf(statements: Statements): Generations {
  const text = textOf(statements, GENERATIONS);
  if (text === null)
    throw new StoreError(
      'store_damaged',
      `${statements.db.name}: the record of the generations is damaged: read models are made anew from the log`,
    );
  return text === undefined ? FIRST_GENERATIONS : (JSON.parse(text) as Generations);
}

export function saveGenerations(statements: Statements, generations: Generations): void {
  save(statements, GENERATIONS, generations);
}

/** Null when it is not what was written. */
function textOf({ loadCheckpoint }: Statements, name: string): string | null | undefined {
  const stored = loadCheckpoint.get(name) as { checkpoint: string; checksum: number } | undefined;
  if (stored === undefined) return undefined;
  const { checkpoint, checksum } = stored;
  return checksumOf(name, checkpoint) === checksum ? checkpoint : null;
}

function save({ saveCheckpoint: write }: Statements, name: string, value: object): void {
  const text = JSON.stringify(value);
  write.run(name, text, checksumOf(name, text));
}
