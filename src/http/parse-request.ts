import * as z from 'zod';
import { invalidRequest, ProblemError, type FieldError } from './problem.js';

/** @throws ProblemError invalid_request, naming each field that is wrong */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  return parse(schema, body ?? {}, 'body');
}

/** @throws ProblemError invalid_request, naming each parameter that is wrong */
export function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  return parse(schema, query, 'query');
}

const CRON_ID = /^cron-[A-Za-z0-9]{1,64}$/;

/** @throws ProblemError cron_job_not_found: an id that cannot exist is answered like one that does not */
export function parseCronId(id: string | undefined): string {
  if (id !== undefined && CRON_ID.test(id)) return id;
  const message = 'must be "cron-" and 1 to 64 letters or digits';
  throw new ProblemError({
    status: 404,
    code: 'cron_job_not_found',
    detail: `there is no such cron job; id: ${message}`,
    errors: [{ field: 'id', message }],
  });
}

function parse<T>(schema: z.ZodType<T>, input: unknown, root: string): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => toFieldErrors(issue, schema, root)));
}

function toFieldErrors(issue: z.core.$ZodIssue, schema: z.ZodType, root: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : '';
    return issue.keys.map((field) => ({ field, message: `is not known; allowed: ${allowed}` }));
  }
  return [{ field: issue.path.join('.') || root, message: issue.message }];
}
