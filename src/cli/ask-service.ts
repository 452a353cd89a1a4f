import * as z from 'zod';
import type { Clock } from '../ports/clock.js';
import { RefusedError, type Refusal } from './refused-error.js';

export interface ServiceOptions {
  /** Address and base path of the service. */
  url: string;
  /** The header that says who asks. */
  credential: Readonly<Record<string, string>> | undefined;
  clock: Pick<Clock, 'sleep'>;
  /** Tells that a request is sent again. */
  onRetry: (why: string) => void;
}

export interface Question {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind the base path. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

const TRIES = 5;
/** A refused rate ends with its minute, but others of the same sender may use up the next one, too. */
const TRIES_OF_RATE = 10;
const LONGEST_PAUSE_SECONDS = 60;
/** Most of it is for a service that waits for its stores; one that has hung would never answer. */
const ANSWER_WITHIN_SECONDS = 30;
const TOO_MANY = 429;
/** What proxies say of a service that is away for the moment. */
const STATUSES_OF_ABSENCE = [0, TOO_MANY, 502, 503, 504];

const problemSchema = z.object({ code: z.string(), detail: z.string() });
const failureSchema = z.object({ cause: z.object({ message: z.string(), code: z.string().optional() }) });

/**
 * Asks a service over REST, again where that may help: in its own time where it names one, with growing pauses where it
 * does not answer. So a request must be one that may be done twice.
 * @returns its answer as the schema has it
 * @throws RefusedError
 */
export async function askService<T>(
  options: ServiceOptions,
  question: Question,
  schema: z.ZodType<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return answerIn(schema, await once(options, question));
    } catch (error) {
      const seconds = error instanceof RefusedError ? pauseAfter(error.refusal, attempt) : undefined;
      if (!(error instanceof RefusedError) || seconds === undefined) throw error;
      options.onRetry(`${error.message}; again in ${seconds} s`);
      await options.clock.sleep(seconds * 1000);
    }
  }
}

interface Answer {
  response: Response;
  text: string;
}

async function once(
  { url, credential, clock }: ServiceOptions,
  { method, path, headers, body }: Question,
): Promise<Answer> {
  const over = new AbortController();
  void clock.sleep(ANSWER_WITHIN_SECONDS * 1000, over.signal).then(() => {
    over.abort();
  });
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...credential,
        ...headers,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // The credential would go along, to wherever the answer says.
      redirect: 'manual',
      signal: over.signal,
    });
    return { response, text: await response.text() };
  } catch (error) {
    throw over.signal.aborted
      ? new RefusedError(`${url} has not answered within ${ANSWER_WITHIN_SECONDS} s`, { status: 0 })
      : unanswered(url, error);
  } finally {
    over.abort();
  }
}

/** What fetch says of the network is in the cause. Of headers that it does not take it repeats the values: not shown. */
function unanswered(url: string, error: unknown): Error {
  const failure = failureSchema.safeParse(error);
  if (!failure.success) return new Error(`${url} cannot be asked: the request cannot be sent`);
  const { message, code = 'no connection' } = failure.data.cause;
  // That of several addresses has no text of its own.
  return new RefusedError(`${url} does not answer: ${message || code}`, { status: 0 });
}

/** @throws RefusedError also for what this service does not answer */
function answerIn<T>(schema: z.ZodType<T>, { response, text }: Answer): T {
  const { status, ok, headers, url } = response;
  const json = jsonOf(text);
  if (ok) {
    const answer = schema.safeParse(json);
    if (answer.success) return answer.data;
    throw new RefusedError(`${url} answers what this service does not: is --url right?`, { status });
  }
  const problem = problemSchema.safeParse(json);
  const retryAfter = secondsOf(headers.get('Retry-After'));
  if (problem.success) {
    const { code, detail } = problem.data;
    throw new RefusedError(`${code}: ${detail}`, { status, code, retryAfter });
  }
  const isRedirect = status >= 300 && status < 400;
  const what = isRedirect ? 'a redirect, which is not followed' : 'no problem of this service';
  throw new RefusedError(`${url} answers ${status}, ${what}: is --url right?`, { status, retryAfter });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function secondsOf(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

/** @returns seconds; undefined where the same request would be answered the same, or was sent often enough */
function pauseAfter({ status, code, retryAfter }: Refusal, attempt: number): number | undefined {
  const isRate = status === TOO_MANY;
  if (attempt >= (isRate ? TRIES_OF_RATE : TRIES) || !STATUSES_OF_ABSENCE.includes(status)) return undefined;
  if (retryAfter !== undefined) return Math.min(Math.max(retryAfter, 1), LONGEST_PAUSE_SECONDS);
  // The service names a time wherever it helps to wait.
  return code === undefined ? attempt : undefined;
}
