import * as z from 'zod';
import type { JobDocument, ModelName, ReadModels } from '../../ports/read-models.js';
import { sortValueOf, type ListedJob } from '../../ports/job-list.js';
import type { Row } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';
import { checksumOf } from '../checksum-of.js';
import { kindOf } from '../run-kinds.js';

export interface StoredRow {
  _id: string;
  version: number;
  document: object;
  /** What lists look for that is not in the document. */
  found?: object;
}

const headSchema = z.object({ _id: z.string(), version: z.int() });
const rowSchema = headSchema.extend({ document: z.looseObject({}) });
/** What is in the text. States of earlier versions say no version there. */
const stateSchema = z.object({ version: z.int(), job: z.unknown().optional() });
/** The opaque part is JSON text: MongoDB gives keys that begin with `$` or contain a dot a meaning of their own. */
const jobSchema = z.looseObject({
  state: z.looseObject({
    fold_version: z.int(),
    job: z
      .string()
      .transform((text, context): unknown => {
        try {
          return JSON.parse(text);
        } catch {
          context.addIssue('is no JSON');
          return z.NEVER;
        }
      })
      .optional(),
    /** Over key, version, fold_version and the text of `job`; rows of earlier versions have none. */
    checksum: z.int().optional(),
  }),
});

/** Stores documents unchanged, so that others can query them, except the opaque part of a job. */
export function toStored<M extends ModelName>(
  model: M,
  { key, version, document }: Row<ReadModels[M]>,
): StoredRow {
  if (model === 'runs')
    return { _id: key, version, document, found: { kind: kindOf(document as ReadModels['runs']) } };
  if (!hasState(model)) return { _id: key, version, document };
  const { state, ...job } = document as JobDocument;
  const { fold_version } = state;
  // In the text, so that earlier versions carry it along unchanged.
  const text = JSON.stringify({ version: state.version, job: state.job });
  const checksum = checksumOf(key, version, fold_version, text);
  const stored = { _id: key, version, document: { ...job, state: { fold_version, job: text, checksum } } };
  return model === 'jobs' ? { ...stored, found: foundBy(job) } : stored;
}

/** @throws StoreError store_damaged */
export function toRow<M extends ModelName>(model: M, stored: unknown): Row<ReadModels[M]> {
  const { _id, version, document } = parse(rowSchema, model, stored);
  if (!hasState(model)) return { key: _id, version, document: document as unknown as ReadModels[M] };
  const job = parse(jobSchema, model, document, JSON.stringify(_id));
  const { checksum, ...state } = job.state;
  const text = (document.state as { job?: string }).job ?? '';
  if (checksum !== undefined && checksum !== checksumOf(_id, version, state.fold_version, text))
    throw notOurs(model, JSON.stringify(_id), 'its state has another checksum');
  const told = stateSchema.safeParse(state.job).data ?? { version: 0, job: state.job };
  const ofEvent = { fold_version: state.fold_version, version: told.version };
  const whole = told.job === undefined ? ofEvent : { ...ofEvent, job: told.job };
  return { key: _id, version, document: { ...job, state: whole } as unknown as ReadModels[M] };
}

/** What lists look for that is not in the document as it is, see `FIELDS` in job-queries. */
function foundBy(job: ListedJob): object {
  return {
    name: sortValueOf(job, 'name'),
    next_run_at: sortValueOf(job, 'next_run_at'),
    last_run_at: sortValueOf(job, 'last_run_at'),
  };
}

function hasState(model: ModelName): boolean {
  return model === 'jobs' || model === 'snapshots';
}

/** A job without its state, which is not read for lists. @throws StoreError store_damaged */
export function toListed(stored: unknown): ListedJob {
  return parse(rowSchema, 'jobs', stored).document as unknown as ListedJob;
}

/** @throws StoreError store_damaged */
export function versionOf(collection: string, stored: unknown): { key: string; version: number } {
  const { _id, version } = parse(headSchema, collection, stored);
  return { key: _id, version };
}

/** @throws StoreError store_damaged that names collection and key */
export function parse<T>(schema: z.ZodType<T>, collection: string, stored: unknown, key = keyOf(stored)): T {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw notOurs(collection, key, z.prettifyError(parsed.error));
}

function notOurs(collection: string, key: string, why: string): StoreError {
  return new StoreError(
    'store_damaged',
    `MongoDB: document ${key} of the collection ${collection} was not written by this service: the read models are made ` +
      `anew from the log; a certification must be removed (${why})`,
  );
}

function keyOf(stored: unknown): string {
  return JSON.stringify((stored as { _id: unknown })._id);
}
