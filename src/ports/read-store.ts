import type { Position } from './event-log.js';
import type { JobsAsked, JobsFound } from './job-list.js';
import type {
  AuditDocument,
  ModelName,
  ReadModels,
  ReminderDocument,
  RunDocument,
  SnapshotDocument,
} from './read-models.js';
import type { RunFilter, RunsAsked } from './run-search.js';

export type { ListedJob } from './job-list.js';

/** Where the read models live. Everything in it can be rebuilt from the event log. Every call may throw StoreError. */
export interface ReadStore {
  /** The rows with these keys; a key without a row is left out. */
  read<M extends ModelName>(model: M, keys: readonly string[]): Promise<Map<string, Row<ReadModels[M]>>>;
  /** All rows of a model, page by page, in no particular order. */
  readAll<M extends ModelName>(model: M): AsyncIterable<Row<ReadModels[M]>[]>;
  /**
   * Writes rows, in the order given, and then the checkpoint. A row is silently refused when the stored one has the
   * same version or a higher one: so redelivery is harmless, whatever the order of the writers.
   * @throws StoreError checkpoint_taken when another projector has claimed the checkpoint; rows may have been written
   */
  write(changes: readonly Change[], checkpoint?: NamedCheckpoint): Promise<void>;
  readCheckpoint(name: string): Promise<Checkpoint | undefined>;
  /**
   * Empties models and replaces the checkpoint that the caller has read. From then on only the new projector may write
   * it: one presumed dead is fenced off, and one whose rows were emptied behind its back fails at its next write.
   * @throws StoreError checkpoint_taken when another one is there by now, or came while models were emptied: read again
   */
  claim(claim: Claim): Promise<void>;

  /**
   * The jobs that fit, in order. A page behind a place costs the same wherever it is; nobody waits for the search of what
   * is rare. Of a job that changes meanwhile each page tells where it is by then.
   */
  listJobs(asked: JobsAsked): Promise<JobsFound>;
  /** The newest snapshot of a job at a version or before it; undefined when there is none. */
  snapshotBefore(cronId: string, version: number): Promise<Row<SnapshotDocument> | undefined>;
  /** Runs of a job with from <= run_no <= to, newest first. */
  listRuns(cronId: string, range: { from: number; to: number }): Promise<RunDocument[]>;
  /** The newest runs that fit, by started_at and then run_id, descending. A page costs the same however few fit. */
  findRuns(asked: RunsAsked): Promise<RunDocument[]>;
  /** How many runs fit; undefined when they are more than `most`. */
  countRuns(filter: RunFilter, most: number): Promise<number | undefined>;
  /** All reminders of these certifications, in no particular order. */
  remindersOf(certificationIds: readonly string[]): Promise<Row<ReminderDocument>[]>;
  /**
   * Reminders of a run, by mentor_id and then certification_id (by the bytes of their UTF-8), those behind `after`. A page
   * costs the same wherever it is.
   */
  listReminders(
    runId: string,
    page: { after?: ReminderPlace | undefined; limit: number },
  ): Promise<ReminderDocument[]>;
  /**
   * The newest rows of `audit` that fit: those with the highest keys, descending, all of one moment. A page costs the same
   * wherever it is, and however few rows fit.
   */
  listEvents(filter: EventFilter): Promise<Row<AuditDocument>[]>;

  close(): Promise<void>;
}

export type ReminderPlace = Pick<ReminderDocument, 'mentor_id' | 'certification_id'>;

/** What is undefined is not asked for. */
export interface EventFilter {
  /** Of this job: then routine events are left out, which are nearly all of its stream. */
  cronId: string | undefined;
  actor: string | undefined;
  /** One of these. */
  types: readonly string[] | undefined;
  /** Keys from here on, inclusive. */
  from: string;
  /** Keys before this one. */
  before: string;
  limit: number;
}

export interface Row<D> {
  key: string;
  /** The version of the event, in its own stream, that wrote the row. */
  version: number;
  document: D;
}

export type Change = { [M in ModelName]: { model: M; rows: readonly Row<ReadModels[M]>[] } }[ModelName];

/**
 * The version in a checkpoint whose models are being emptied, or were left half emptied, by a store that cannot do it
 * in one step. No projections have this version: the leader rebuilds the models.
 */
export const EMPTYING = -1;

export interface Checkpoint {
  /** Everything up to here is in the models. */
  position: Position;
  /** The last event projected: it must be in the log at its position, or this is another log. */
  event: { position: Position; id: string } | null;
  /** The version of the projections that wrote the models. */
  projection_version: number;
  /** The owner: the id of one run of a projector; empty in checkpoints from when there was only one. */
  projector: string;
}

export interface NamedCheckpoint {
  name: string;
  checkpoint: Checkpoint;
}

export interface Claim extends NamedCheckpoint {
  /** The owner of the checkpoint to replace; undefined when there is none. */
  instead: string | undefined;
  /** The models to empty. */
  emptied: readonly ModelName[];
}
