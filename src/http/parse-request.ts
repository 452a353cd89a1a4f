import type { Request } from 'express';
import * as z from 'zod';
import { DomainError } from '../job/domain-error.js';
import { isJobKey, KEY_RULE } from './job-key.js';
import { invalidRequest, ProblemError, type FieldError } from './problem.js';

/** @throws ProblemError invalid_request, naming each field that is wrong */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  return parse(schema, body ?? {}, 'body');
}

/** @throws ProblemError invalid_request, naming each parameter that is wrong */
export function parseQuery<T>(schema: z.ZodType<T>, { query, originalUrl }: QueriedRequest): T {
  if (!isWellEncoded(originalUrl))
    throw invalidRequest([{ field: 'query', message: 'must be UTF-8 in percent-encoding' }]);
  return parse(schema, query, 'query');
}

type QueriedRequest = Pick<Request, 'query' | 'originalUrl'>;

const nothing = z.strictObject({});

/** For routes without parameters: whoever gives one expects something of it. @throws ProblemError invalid_request */
export function parseNoQuery(request: QueriedRequest): void {
  parseQuery(nothing, request);
}

/** The parser of queries replaces what is none. */
function isWellEncoded(url: string): boolean {
  try {
    decodeURIComponent(url.slice(url.indexOf('?') + 1));
    return true;
  } catch {
    return false;
  }
}

/** What the id of a job looks like. */
export const CRON_ID = /^cron-[A-Za-z0-9]{1,64}$/;

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

/** What a client calls a job that it declares. @throws ProblemError invalid_request */
export function parseJobKey(key: string | undefined): string {
  if (key !== undefined && isJobKey(key)) return key;
  throw invalidRequest([{ field: 'key', message: KEY_RULE }]);
}

/** What the id of a run looks like. */
export const RUN_ID = /^run-[A-Za-z0-9]{11,74}$/;

/** @throws DomainError run_not_found: likewise */
export function parseRunId(id: string | undefined): string {
  if (id !== undefined && RUN_ID.test(id)) return id;
  throw new DomainError('run_not_found', 'there is no such run; run_id: must be as an answer shows it');
}

function parse<T>(schema: z.ZodType<T>, input: unknown, root: string): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => toFieldErrors(issue, schema, root)));
}

function toFieldErrors(issue: z.core.$ZodIssue, schema: z.ZodType, root: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    if (issue.path.length > 0)
      return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: issue.message }));
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const message =
      known.length === 0 ? `is no field of the ${root} here` : `is not known; allowed: ${known.join(', ')}`;
    return issue.keys.map((field) => ({ field: field || '(empty)', message }));
  }
  const message =
    issue.path.length === 0 && issue.code === 'invalid_type' ? 'must be a JSON object' : issue.message;
  return [{ field: issue.path.join('.') || root, message }];
}
