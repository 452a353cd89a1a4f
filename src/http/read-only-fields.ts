import * as z from 'zod';
import { invalidRequest } from './problem.js';

const timestamp = z.iso.datetime();
const wholeNumber = z.number().int();

/**
 * What answers show of a job and no client sets. Runs and time move most of them, so what a client has read may be
 * out of date when it comes back.
 */
function readOnlyFields({ id, created_at }: { id: string; created_at: string | undefined }) {
  return {
    id: z.literal(id),
    // Null in an answer that could not ask the read model, which may not be there now either.
    created_at: created_at === undefined ? timestamp.nullable() : z.literal([created_at, null]),
    updated_at: timestamp,
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
  const schema = z.looseObject({ ...z.object(fields).partial().shape, status: statusFor(body).optional() });
  const parsed = schema.safeParse(body);
  const wrong = new Set(parsed.error?.issues.map(({ path: [field] }) => String(field)));
  const isWhole = body.id === job.id;
  const given = Object.entries(body);
  const isReadOnly = (field: string): boolean => field === 'status' || Object.hasOwn(fields, field);
  const refused = given.filter(([field]) => isReadOnly(field) && (!isWhole || wrong.has(field)));
  if (refused.length > 0) throw invalidRequest(refused.map(([field]) => ({ field, message: whyNot(field) })));
  return Object.fromEntries(given.filter(([field]) => !isReadOnly(field)));
}

/** Whether there is anything for `withoutReadOnly` to do. */
export function hasReadOnly(body: unknown): boolean {
  const names = Object.keys(readOnlyFields({ id: '', created_at: undefined }));
  return isRecord(body) && [...names, 'status'].some((field) => Object.hasOwn(body, field));
}

/** It follows from `enabled`, which every answer has beside it. */
function statusFor({ enabled }: Record<string, unknown>) {
  return z.enum(enabled === false ? ['disabled'] : ['active', 'schedule_error']);
}

function whyNot(field: string): string {
  return field === 'status'
    ? 'is read-only and follows from enabled'
    : 'is read-only: allowed only unchanged, in the whole job as an answer has shown it';
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
