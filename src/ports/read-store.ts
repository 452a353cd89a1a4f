import type { Position } from './event-log.js';
import type { JobDocument, ModelName, ReadModels, RunDocument } from './read-models.js';

/**
 * Where the read models live. Everything in it can be made anew from the event log.
 * Every call may throw StoreError.
 */
export interface ReadStore {
  /** The rows with these keys; a key without a row is left out. */
  read<M extends ModelName>(model: M, keys: readonly string[]): Promise<Map<string, Row<ReadModels[M]>>>;
  /** All rows of a model, page by page, in no particular order. */
  readAll<M extends ModelName>(model: M): AsyncIterable<Row<ReadModels[M]>[]>;
  /**
   * Writes rows, in the order given, and then the checkpoint. A row is refused, silently, when the one that is there
   * has the same version or a higher one: so redelivery is harmless, in whatever order writers come.
   * @throws StoreError checkpoint_taken when another projector has claimed the checkpoint; rows may have been written
   */
  write(changes: readonly Change[], checkpoint?: NamedCheckpoint): Promise<void>;
  readCheckpoint(name: string): Promise<Checkpoint | undefined>;
  /**
   * Empties models and puts the checkpoint in the place of the one that was looked at before. From then on its projector
   * alone may write it: one that was taken for dead cannot move it, and one whose rows were emptied behind its back is
   * told with its next write.
   * @throws StoreError checkpoint_taken when another one is there by now, or came while the models were emptied: look again
   */
  claim(claim: Claim): Promise<void>;

  /** Jobs that are not deleted, by created_at and then cron_id. */
  listJobs(page: { offset: number; limit: number }): Promise<{ jobs: JobDocument[]; total: number }>;
  /** Runs of a job with from <= run_no <= to, newest first. */
  listRuns(cronId: string, range: { from: number; to: number }): Promise<RunDocument[]>;

  close(): Promise<void>;
}

export interface Row<D> {
  key: string;
  /** The version of the event, in its own stream, that wrote the row. */
  version: number;
  document: D;
}

export type Change = { [M in ModelName]: { model: M; rows: readonly Row<ReadModels[M]>[] } }[ModelName];

/**
 * The version in a checkpoint whose models are being emptied, or were left in the middle of it, by a store that cannot do it
 * in one step. No projections have it: whoever leads begins them anew.
 */
export const EMPTYING = -1;

export interface Checkpoint {
  /** Everything up to here is in the models. */
  position: Position;
  /** The last event taken in: it must stand in the log at its position, or the log is another one. */
  event: { position: Position; id: string } | null;
  /** The version of the projections that wrote the models. */
  projection_version: number;
  /** Whose it is: an id of one run of a projector; empty for one of the time when there was one only. */
  projector: string;
}

export interface NamedCheckpoint {
  name: string;
  checkpoint: Checkpoint;
}

export interface Claim extends NamedCheckpoint {
  /** Whose checkpoint was there; undefined when there was none. */
  instead: string | undefined;
  /** Whose rows are to go. */
  emptied: readonly ModelName[];
}
