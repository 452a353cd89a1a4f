import * as z from 'zod';
import type { JobDocument, ModelName, ReadModels } from '../../ports/read-models.js';
import type { Row } from '../../ports/read-store.js';
import { StoreError } from '../../ports/store-error.js';

export interface StoredRow {
  _id: string;
  version: number;
  document: object;
}

const headSchema = z.object({ _id: z.string(), version: z.int() });
const rowSchema = headSchema.extend({ document: z.looseObject({}) });
/** The opaque part is JSON text: MongoDB gives keys that begin with `$` or contain a dot a meaning of their own. */
const jobSchema = z.looseObject({
  state: z.looseObject({
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
  }),
});

/** Stores documents unchanged, so that others can query them, except the opaque part of a job. */
export function toStored<M extends ModelName>(
  model: M,
  { key, version, document }: Row<ReadModels[M]>,
): StoredRow {
  if (model !== 'jobs') return { _id: key, version, document };
  const { state, ...job } = document as JobDocument;
  return { _id: key, version, document: { ...job, state: { ...state, job: JSON.stringify(state.job) } } };
}

/** @throws StoreError store_damaged */
export function toRow<M extends ModelName>(model: M, stored: unknown): Row<ReadModels[M]> {
  const { _id, version, document } = parse(rowSchema, model, stored);
  const whole = model === 'jobs' ? parse(jobSchema, model, document, JSON.stringify(_id)) : document;
  return { key: _id, version, document: whole as unknown as ReadModels[M] };
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
  throw new StoreError(
    'store_damaged',
    `MongoDB: document ${key} of the collection ${collection} was not written by this service: remove it, or drop the ` +
      `collections of the read models, they are made anew from the log (${z.prettifyError(parsed.error)})`,
  );
}

function keyOf(stored: unknown): string {
  return JSON.stringify((stored as { _id: unknown })._id);
}
