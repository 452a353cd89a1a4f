import type { Response } from 'express';
import { AccessError, type Refusal } from '../access/credentials.js';
import { UnreadableEventError } from '../events/parse-event.js';
import { ModelsBehindError } from '../history/models-behind-error.js';
import { DomainError, type DomainErrorKind } from '../job/domain-error.js';
import { StoreError } from '../ports/store-error.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import type { ProblemCode } from './problem-code.js';
import { RETRY_AFTER_SECONDS } from './retry-after.js';
import { shortened } from './shortened.js';

/** One input that is wrong: which, and what is allowed. */
export interface FieldError {
  field: string;
  message: string;
}

/** A problem as RFC 9457 has it; `code` is stable, for programs, the texts are for people. */
export interface Problem {
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: readonly FieldError[];
  /** Further headers; `Retry-After` follows from the code. */
  headers?: Readonly<Record<string, string>>;
  /** Further members. */
  details?: Readonly<Record<string, string>>;
}

/** Thrown by routes for errors that the client must fix. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** A problem names so many faults and counts the others: a small body may have tens of thousands. */
const MOST_ERRORS = 20;
/** What a problem repeats of the request is cut to so many characters. */
const MOST_OF_A_FIELD = 100;
const MOST_OF_A_MESSAGE = 500;
const MOST_OF_A_DETAIL = 2_000;

export function invalidRequest(errors: readonly FieldError[]): ProblemError {
  const named = errors
    .slice(0, MOST_ERRORS)
    .map(({ field, message }) => `${shortened(field, MOST_OF_A_FIELD)}: ${message}`)
    .join('; ');
  const detail = errors.length > MOST_ERRORS ? `${errors.length} inputs are wrong, at first ${named}` : named;
  return new ProblemError({ status: 400, code: 'invalid_request', detail, errors });
}

export function invalidBody(code: 'invalid_json' | 'invalid_body', message: string): ProblemError {
  const errors = [{ field: 'body', message }];
  return new ProblemError({ status: 400, code, detail: `body: ${message}`, errors });
}

export function readsBehind(): ProblemError {
  const detail =
    'the read models are being made anew from the log and lack what was written; nothing was lost, try again';
  return new ProblemError({ status: 503, code: 'reads_behind', detail });
}

export function unsupportedBody(): ProblemError {
  const detail =
    'the body must be application/json in UTF-8, not compressed otherwise than by gzip, deflate or br';
  return new ProblemError({ status: 415, code: 'unsupported_media_type', detail });
}

export const MAX_BODY_BYTES = 262_144;

export function bodyTooLarge(): ProblemError {
  const detail = `the body may have at most ${MAX_BODY_BYTES} bytes`;
  return new ProblemError({ status: 413, code: 'body_too_large', detail, headers: { Connection: 'close' } });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The body of a problem, as it is sent: of a limited length, whatever the request was. */
export function problemBody(
  { status, code, detail, errors, details }: Problem,
  requestId: string,
): Record<string, unknown> {
  return {
    type: `urn:certification-cron:problem:${code}`,
    title: titles[status] ?? 'Error',
    status,
    code,
    detail: shortened(detail, MOST_OF_A_DETAIL),
    ...(errors && {
      errors: errors.slice(0, MOST_ERRORS).map(({ field, message }) => ({
        field: shortened(field, MOST_OF_A_FIELD),
        message: shortened(message, MOST_OF_A_MESSAGE),
      })),
    }),
    ...(errors && errors.length > MOST_ERRORS && { errors_left_out: errors.length - MOST_ERRORS }),
    ...details,
    request_id: requestId,
  };
}

export function sendProblem(response: Response, problem: Problem, requestId: string): void {
  response
    .status(problem.status)
    .set(headersOf(problem))
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, requestId)));
}

/** Its own, and when to ask again. */
function headersOf({ code, headers }: Problem): Readonly<Record<string, string>> {
  const seconds = RETRY_AFTER_SECONDS[code];
  return { ...(seconds !== null && { 'Retry-After': String(seconds) }), ...headers };
}

const statuses: Readonly<Record<DomainErrorKind, number>> = {
  not_found: 404,
  conflict: 409,
  precondition: 412,
  unprocessable: 422,
  too_many: 429,
  busy: 503,
};

/** The only place where errors become status codes; undefined for an unexpected error. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ScheduleError) {
    const errors = [{ field: error.field, message: error.message }];
    return { status: 400, code: error.code, detail: `${error.field}: ${error.message}`, errors };
  }
  if (error instanceof DomainError)
    return { status: statuses[error.kind], code: error.code, detail: error.message, details: error.details };
  if (error instanceof ModelsBehindError) return readsBehind().problem;
  if (error instanceof UnreadableEventError)
    return { status: 503, code: 'event_unreadable', detail: shortened(error.message, MOST_OF_A_MESSAGE) };
  if (error instanceof StoreError) {
    // The message names files and servers: it is for the log.
    const detail = 'a store that this needs cannot be used at the moment; nothing was lost, try again';
    return { status: 503, code: error.code, detail };
  }
  if (error instanceof AccessError) return accessProblem(error);
  return bodyProblem(error);
}

/** What `WWW-Authenticate` begins with. */
export const CHALLENGE = 'Bearer realm="certification-cron"';

/** A request whose sender is not known, as RFC 6750 has it. */
function accessProblem({ code, message, reason }: AccessError): Problem {
  const detail = message;
  if (code === 'credentials_unavailable') return { status: 503, code, detail };
  return { status: 401, code, detail, headers: { 'WWW-Authenticate': challengeBy(reason) } };
}

function challengeBy(reason: Refusal): string {
  if (reason === 'no_credential') return CHALLENGE;
  // With 401, and not 400 as RFC 6750 has it: who has sent the request is not known, so nothing of it counts.
  return `${CHALLENGE}, error="${reason === 'two_credentials' ? 'invalid_request' : 'invalid_token'}"`;
}

/** What express and its body parser throw: errors with a status and, from the parser, a type. */
function bodyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  switch (error.status) {
    case 413:
      return bodyTooLarge().problem;
    case 415:
      return unsupportedBody().problem;
    case 400:
      if (error instanceof URIError)
        return { status: 400, code: 'invalid_path', detail: 'the path is not valid percent-encoding' };
      return 'type' in error && error.type === 'entity.parse.failed'
        ? invalidBody('invalid_json', 'is no valid JSON object').problem
        : invalidBody('invalid_body', 'cannot be read').problem;
    default:
      return undefined;
  }
}
