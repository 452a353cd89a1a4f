import * as z from 'zod';
import type { JobConfig } from '../events/job-config.js';
import type { Clock } from '../ports/clock.js';

export interface JobsClientOptions {
  /** Address and base path of the service. */
  url: string;
  /** The header that says who asks. */
  credential: Readonly<Record<string, string>> | undefined;
  clock: Pick<Clock, 'sleep'>;
  /** Tells that a request is sent again. */
  onRetry: (why: string) => void;
}

/** The service has refused a request, or cannot be reached. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** @param status 0 when there was no answer */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** With the time after which the service wants to be asked again. */
class LaterError extends RefusedError {
  constructor(
    status: number,
    message: string,
    readonly seconds: number,
  ) {
    super(status, message);
  }
}

const ATTEMPTS = 5;
const LONGEST_WAIT_SECONDS = 10;
const PAGE = 100;

/** What is needed of a job as the service shows it; its settings are compared one by one. */
const foundSchema = z.looseObject({
  id: z.string(),
  key: z.string().nullable(),
  labels: z.array(z.string()),
  config_version: z.number().int(),
});
const listSchema = z.object({
  data: z.array(foundSchema),
  pagination: z.object({ next_cursor: z.string().nullable() }),
});
const problemSchema = z.object({ code: z.string(), detail: z.string() });

export type FoundJob = z.infer<typeof foundSchema>;

/** The jobs of a running service, over REST. Requests that may be sent again are, when that helps. */
export function createJobsClient({ url, credential, clock, onRetry }: JobsClientOptions) {
  async function once(method: string, path: string, init: { headers?: object; body?: unknown }) {
    const { headers, body } = init;
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...credential,
          ...headers,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { response, text: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new RefusedError(
        0,
        `${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  /** Every write of this client is under a condition, so one that was done though nobody heard of it is not done twice. */
  async function ask(method: string, path: string, init: { headers?: object; body?: unknown } = {}) {
    for (let attempt = 1; ; attempt++) {
      try {
        const { response, text } = await once(method, path, init);
        if (response.ok) return JSON.parse(text) as unknown;
        throw refusedBy(response, text);
      } catch (error) {
        if (!(error instanceof RefusedError) || attempt === ATTEMPTS || !mayPass(error.status)) throw error;
        onRetry(error.message);
        const seconds = error instanceof LaterError ? error.seconds : attempt;
        await clock.sleep(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000);
      }
    }
  }

  return {
    /** @returns undefined when no job is declared by that key @throws RefusedError */
    async find(key: string): Promise<FoundJob | undefined> {
      try {
        return foundSchema.parse(await ask('GET', `/by-key/${key}`));
      } catch (error) {
        if (error instanceof RefusedError && error.status === 404) return undefined;
        throw error;
      }
    },
    /** @param found what was read; undefined: there was none @throws RefusedError 412 when it is so no more */
    async declare(
      { key, config, reason }: { key: string; config: JobConfig; reason: string | undefined },
      found: FoundJob | undefined,
    ): Promise<FoundJob> {
      const headers = found === undefined ? { 'If-None-Match': '*' } : { 'If-Match': etagOf(found) };
      return foundSchema.parse(
        await ask('PUT', `/by-key/${key}`, { headers, body: { ...config, ...(reason && { reason }) } }),
      );
    },
    /** @throws RefusedError 412 when it was changed since, 404 when it is not there */
    async remove(found: FoundJob, reason: string): Promise<void> {
      await ask('DELETE', `/${found.id}`, { headers: { 'If-Match': etagOf(found) }, body: { reason } });
    },
    /** All jobs that are declared by a key. @param label only those with it @throws RefusedError */
    async listDeclared(label: string | undefined): Promise<FoundJob[]> {
      const found: FoundJob[] = [];
      const query = new URLSearchParams({ limit: String(PAGE), ...(label !== undefined && { label }) });
      for (;;) {
        const { data, pagination } = listSchema.parse(await ask('GET', `/?${query.toString()}`));
        found.push(...data.filter(({ key }) => key !== null));
        if (pagination.next_cursor === null) return found;
        query.set('cursor', pagination.next_cursor);
      }
    },
  };
}

export type JobsClient = ReturnType<typeof createJobsClient>;

function refusedBy({ status, headers }: Response, text: string): RefusedError {
  const problem = problemSchema.safeParse(jsonOf(text));
  const why = problem.success ? `${problem.data.code}: ${problem.data.detail}` : `status ${status}`;
  const seconds = Number(headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) ? new LaterError(status, why, seconds) : new RefusedError(status, why);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function mayPass(status: number): boolean {
  return status === 0 || status === 429 || status === 503;
}

function etagOf({ config_version }: FoundJob): string {
  return `"${config_version}"`;
}
