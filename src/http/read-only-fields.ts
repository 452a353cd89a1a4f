import * as z from 'zod';
import { DONE_BY_DECLARATION } from '../answers/job-answers.js';
import { fromTimestamp } from '../events/timestamp.js';
import { invalidRequest } from './problem.js';

const timestamp = z.iso.datetime({ offset: true });
const wholeNumber = z.number().int();

const runResult = z.strictObject({
  mentors_checked: wholeNumber,
  reminders_sent: wholeNumber,
  errors: wholeNumber,
  // Earlier versions showed the three alone.
  records_checked: wholeNumber.nullish(),
  reasons: z.record(z.string(), wholeNumber).nullish(),
  warnings: z.array(z.looseObject({ code: z.string() })).optional(),
});

/**
 * What answers show of a job and no client sets. Runs and time move most of them, so what a client has read may be
 * out of date when it comes back.
 */
const readOnlyFields = z.looseObject({
  id: z.string().optional(),
  key: z.string().nullish(),
  config_version: wholeNumber.optional(),
  declared: z.enum(DONE_BY_DECLARATION).optional(),
  // Null in an answer that could not ask the read model.
  created_at: timestamp.nullish(),
  updated_at: timestamp.optional(),
  status: z.enum(['active', 'disabled', 'schedule_error']).optional(),
  last_run_at: timestamp.nullish(),
  last_run_status: z.enum(['running', 'success', 'failed']).nullish(),
  last_run_result: runResult.nullish(),
  next_run_at: timestamp.nullish(),
  schedule_error: z.string().nullish(),
  settled_ahead_until: timestamp.nullish(),
  // Of a job as it was.
  deleted_at: timestamp.nullish(),
  version: wholeNumber.optional(),
  as_of: timestamp.optional(),
  warnings: z.array(z.strictObject({ code: z.string(), field: z.string(), message: z.string() })).optional(),
});

/** What a job is for ever; undefined what is not known, as where there is none, or the read models cannot be asked. */
export interface Unchangeable {
  id: string;
  key: string | null | undefined;
  created_at: string | undefined;
}

const isReadOnly = (field: string): boolean => Object.hasOwn(readOnlyFields.shape, field);

/**
 * The fields of a change that a client may set: one that has read a job may send all of it back. Read-only fields are
 * taken only beside the `id` of the job, as it was read; alone, one of them is an order that cannot be followed.
 * @throws ProblemError invalid_request for a read-only field that cannot have been read so
 */
export function withoutReadOnly(body: unknown, job: Unchangeable): unknown {
  if (!isRecord(body)) return body;
  const { data, error } = readOnlyFields.safeParse(body);
  const wrong = new Set(error?.issues.map(({ path: [field] }) => String(field)));
  if (data?.created_at && job.created_at && !isSameSecond(data.created_at, job.created_at))
    wrong.add('created_at');
  if (data?.key !== undefined && job.key !== undefined && data.key !== job.key) wrong.add('key');
  const isOfJob = body.id === job.id;
  const given = Object.entries(body);
  const refused = given.filter(([field]) => isReadOnly(field) && (!isOfJob || wrong.has(field)));
  if (refused.length > 0) throw invalidRequest(refused.map(([field]) => ({ field, message: whyNot(field) })));
  return Object.fromEntries(given.filter(([field]) => !isReadOnly(field)));
}

/** Whether there is anything for `withoutReadOnly` to do. */
export function hasReadOnly(body: unknown): boolean {
  return isRecord(body) && Object.keys(body).some(isReadOnly);
}

function whyNot(field: string): string {
  return ['id', 'key', 'created_at'].includes(field)
    ? 'is read-only: allowed is that of this job'
    : 'is read-only: allowed only in a whole job, with its id, as an answer shows it; it changes nothing';
}

/** Answers have whole seconds. */
function isSameSecond(one: string, other: string): boolean {
  return Math.floor(fromTimestamp(one) / 1000) === Math.floor(fromTimestamp(other) / 1000);
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
