import type { components } from './openapi.js';

type Problem = components['schemas']['Problem'];

interface Surroundings {
  cause?: unknown;
  /** The header `Retry-After`: this service gives seconds. */
  retryAfter?: string | null;
}

/** What an answer says of an error, as RFC 9457 has it; also when it came from a proxy and is no problem document. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** For so long the service asks clients to wait; 0 where it says nothing. */
  readonly retryAfterMs: number;
  /** Of `run_in_progress`: the run that is open. */
  readonly runId: string | undefined;
  /** What is wrong with each field, by its name. */
  readonly fields: ReadonlyMap<string, string>;

  constructor(status: number, body: unknown, { cause, retryAfter = null }: Surroundings = {}) {
    const problem = isProblem(body) ? body : undefined;
    super(problem?.detail ?? `the answer was ${status}, without a reason`, { cause });
    this.status = status;
    this.retryAfterMs = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1_000 : 0;
    this.code = problem?.code ?? 'unexplained';
    this.requestId = problem?.request_id;
    this.runId = typeof problem?.run_id === 'string' ? problem.run_id : undefined;
    this.fields = new Map(problem?.errors?.map(({ field, message }) => [field, message]));
  }
}

/** No answer came, or none that can be read, or the viewer has gone on meanwhile. */
export function unreachable(cause: unknown): Error {
  if (cause instanceof ApiProblem) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  if (cause instanceof SyntaxError) {
    const detail = 'the answer is none of this service, so something on the way to it has sent it';
    return new ApiProblem(0, { code: 'unexplained', detail }, { cause });
  }
  const body = { code: 'unreachable', detail: 'the service does not answer' };
  return new ApiProblem(0, body, { cause });
}

export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, { code: 'dashboard_error', detail: String(error) }, { cause: error });
}

const PASSING = [0, 429, 502, 503, 504];

/** Whether waiting may mend it. */
export function mayBeMended({ status }: ApiProblem): boolean {
  return PASSING.includes(status);
}

function isProblem(body: unknown): body is Pick<Problem, 'code' | 'detail'> & Partial<Problem> {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
