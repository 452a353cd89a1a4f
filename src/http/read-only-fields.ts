import * as z from 'zod';
import { fromTimestamp } from '../events/timestamp.js';
import { invalidRequest } from './problem.js';

const timestamp = z.iso.datetime({ offset: true });
const wholeNumber = z.number().int();

/**
 * What answers show of a job and no client sets. Runs and time move most of them, so what a client has read may be
 * out of date when it comes back.
 */
function readOnlyFields({ id, created_at }: { id: string; created_at: string | undefined }) {
  return {
    id: z.literal(id),
    // Null in an answer that could not ask the read model, which may not be there now either.
    created_at: timestamp
      .refine((given) => created_at === undefined || isSameSecond(given, created_at))
      .nullable(),
    updated_at: timestamp,
    status: z.enum(['active', 'disabled', 'schedule_error']),
    last_run_at: timestamp.nullable(),
    last_run_status: z.enum(['running', 'success', 'failed']).nullable(),
    last_run_result: z
      .strictObject({ mentors_checked: wholeNumber, reminders_sent: wholeNumber, errors: wholeNumber })
      .nullable(),
    next_run_at: timestamp.nullable(),
    schedule_error: z.string().nullable(),
    settled_ahead_until: timestamp.nullable(),
    warnings: z.array(z.strictObject({ code: z.string(), field: z.string(), message: z.string() })),
  };
}

/**
 * The fields of a change that a client may set: one that has read a job may send all of it back. Read-only fields are
 * taken only beside the `id` of the job, as it was read; alone, one of them is an order that cannot be followed.
 * @throws ProblemError invalid_request for a read-only field that cannot have been read so
 */
export function withoutReadOnly(body: unknown, job: { id: string; created_at: string | undefined }): unknown {
  if (!isRecord(body)) return body;
  const fields = readOnlyFields(job);
  const parsed = z.looseObject(z.object(fields).partial().shape).safeParse(body);
  const wrong = new Set(parsed.error?.issues.map(({ path: [field] }) => String(field)));
  const isWhole = body.id === job.id;
  const given = Object.entries(body);
  const isReadOnly = (field: string): boolean => Object.hasOwn(fields, field);
  const refused = given.filter(([field]) => isReadOnly(field) && (!isWhole || wrong.has(field)));
  if (refused.length > 0) throw invalidRequest(refused.map(([field]) => ({ field, message: whyNot(field) })));
  return Object.fromEntries(given.filter(([field]) => !isReadOnly(field)));
}

/** Whether there is anything for `withoutReadOnly` to do. */
export function hasReadOnly(body: unknown): boolean {
  const names = Object.keys(readOnlyFields({ id: '', created_at: undefined }));
  return isRecord(body) && names.some((field) => Object.hasOwn(body, field));
}

function whyNot(field: string): string {
  return field === 'id' || field === 'created_at'
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
