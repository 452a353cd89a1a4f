import {
  modelNames,
  type AuditDocument,
  type JobDocument,
  type ModelName,
  type ReadModels,
  type ReminderDocument,
} from '../../ports/read-models.js';
import { sortValueOf, type ListedJob } from '../../ports/job-list.js';
import type { Row } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { checksumOf } from '../checksum-of.js';
import { traitsOf } from '../job-traits.js';
import { kindOf } from '../run-kinds.js';

/** A row as it is stored. `state` is a job's own: lists need not read it. */
export interface StoredRow {
  id: number;
  key: string;
  version: number;
  document: string;
  /** CRC-32 over key, version, document and the own columns but the state. */
  checksum: number;
  created_at?: string;
  is_deleted?: number;
  name?: string;
  next_run_at?: string;
  last_run_at?: string;
  updated_at?: string;
  labels?: string;
  traits?: number;
  cron_id?: string;
  run_no?: number;
  kind?: number;
  started_at?: string;
  certification_id?: string;
  mentor_id?: string;
  run_id?: string;
  type?: string;
  actor?: string;
  is_routine?: number;
  state?: string;
  /** CRC-32 over key, version and state. */
  state_checksum?: number;
}

/** What is searched and sorted: SQLite would have to parse the JSON of each row that it passes. */
export const ownColumns: Record<ModelName, readonly string[]> = {
  jobs: [
    ...['created_at TEXT', 'is_deleted INTEGER', 'name TEXT', 'next_run_at TEXT', 'last_run_at TEXT'],
    ...['updated_at TEXT', 'labels TEXT', 'traits INTEGER', 'state TEXT', 'state_checksum INTEGER'],
  ],
  snapshots: ['cron_id TEXT', 'state TEXT', 'state_checksum INTEGER'],
  runs: ['cron_id TEXT', 'run_no INTEGER', 'kind INTEGER', 'started_at TEXT'],
  reminders: ['certification_id TEXT', 'mentor_id TEXT', 'run_id TEXT'],
  audit: ['cron_id TEXT', 'type TEXT', 'actor TEXT', 'is_routine INTEGER'],
};

type OwnColumn = Exclude<keyof StoredRow, 'id' | 'key' | 'version' | 'document' | 'checksum'>;

/** Those under the checksum of the row, in its order: a state has a checksum of its own. */
const sealedColumns = Object.fromEntries(
  modelNames.map((model) => [
    model,
    ownColumns[model]
      .map((column) => column.split(' ')[0] as OwnColumn)
      .filter((name) => name !== 'state' && name !== 'state_checksum'),
  ]),
) as Record<ModelName, OwnColumn[]>;

type Values = Record<string, string | number>;

/**
 * An id of somebody else as its column has it: half a surrogate pair, which older logs may hold, would come out of SQLite
 * as another text than went in. The document has the id as it is.
 */
export function toColumn(id: string): string {
  return Buffer.from(id).toString();
}

/** In the order of the columns. */
function listedColumns(job: ListedJob): Values {
  return {
    created_at: job.created_at,
    is_deleted: job.deleted_at === null ? 0 : 1,
    name: sortValueOf(job, 'name'),
    next_run_at: sortValueOf(job, 'next_run_at'),
    last_run_at: sortValueOf(job, 'last_run_at'),
    updated_at: job.updated_at,
    labels: JSON.stringify(job.labels),
    traits: traitsOf(job),
  };
}

/** The values of a row, by column. */
export function toStored<M extends ModelName>(
  model: M,
  { key, version, document }: Row<ReadModels[M]>,
): Values {
  const sealed = (text: string, own: Values = {}): Values => ({
    key,
    version,
    document: text,
    ...own,
    checksum: checksumOf(key, version, text, ...Object.values(own)),
  });
  if (model === 'jobs' || model === 'snapshots') {
    const { state, ...listed } = document as JobDocument;
    const text = JSON.stringify(state);
    const own = model === 'jobs' ? listedColumns(listed) : { cron_id: listed.cron_id };
    return {
      ...sealed(JSON.stringify(listed), own),
      state: text,
      state_checksum: checksumOf(key, version, text),
    };
  }
  if (model === 'runs') {
    const run = document as ReadModels['runs'];
    const { cron_id, run_no, started_at } = run;
    return sealed(JSON.stringify(document), { cron_id, run_no, kind: kindOf(run), started_at });
  }
  if (model === 'audit') {
    const { cron_id, type, actor, routine } = document as AuditDocument;
    // The columns are all there is.
    return sealed('', {
      cron_id: toColumn(cron_id),
      type: toColumn(type),
      actor: toColumn(actor),
      is_routine: routine ? 1 : 0,
    });
  }
  const { certification_id, mentor_id, run_id } = document as ReminderDocument;
  return sealed(JSON.stringify(document), {
    certification_id: toColumn(certification_id),
    mentor_id: toColumn(mentor_id),
    run_id: toColumn(run_id),
  });
}

/** @throws StoreError store_damaged when the row is not what was written */
export function fromStored<M extends ModelName>(
  model: M,
  stored: StoredRow,
  path: string,
): Row<ReadModels[M]> {
  const { key, version, state, state_checksum } = stored;
  const document = documentOf(model, stored, path);
  if (model !== 'jobs' && model !== 'snapshots') return { key, version, document: document as ReadModels[M] };
  if (state === undefined || checksumOf(key, version, state) !== state_checksum)
    throw damaged(path, `the state of ${key} in ${model}`);
  const job = { ...(document as ListedJob), state: JSON.parse(state) as JobDocument['state'] };
  return { key, version, document: job as ReadModels[M] };
}

/**
 * The document without the state of a job.
 * @throws StoreError store_damaged when it is not what was written
 */
export function documentOf(
  model: ModelName,
  { key, version, document, checksum, ...columns }: Omit<StoredRow, 'id'>,
  path: string,
): object {
  const own = sealedColumns[model].map((column) => columns[column]).filter((value) => value !== undefined);
  if (checksumOf(key, version, document, ...own) !== checksum)
    throw damaged(path, `the row ${key} of ${model}`);
  const { cron_id, type, actor, is_routine } = columns;
  return model === 'audit'
    ? { cron_id, type, actor, routine: is_routine === 1 }
    : (JSON.parse(document) as object);
}

export function damaged(path: string, what: string): StoreError {
  return new StoreError(
    'store_damaged',
    `${path}: ${what} is damaged: read models are made anew from the log`,
  );
}
