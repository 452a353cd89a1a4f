import createClient from 'openapi-fetch';
import type { components, paths } from './openapi.js';
import { credentialHeaders } from './credential.js';
import { pathOf } from './path-of.js';
import { ApiProblem, unreachable } from './problem.js';
import { noteServiceTime } from './service-clock.js';

export type Schemas = components['schemas'];

/** Relative to the page, so that it also works behind a gateway that puts a prefix before the paths. */
export const SERVICE = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** The API as its document has it. */
export const api = createClient<paths>({
  baseUrl: SERVICE,
  pathSerializer: pathOf,
  // Without a timeout of their own, requests of browsers wait for minutes.
  fetch: (request) =>
    fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(30_000)]) }),
});
api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(credentialHeaders())) request.headers.set(name, value);
  },
  onResponse({ response }) {
    noteServiceTime(response.headers.get('Date'), Date.now());
  },
});

interface Answered<D> {
  data?: D;
  error?: unknown;
  response: Response;
}

/** @returns the body of an answer that is none of an error. @throws ApiProblem */
export async function answerOf<D>(asked: Promise<Answered<D>>): Promise<NonNullable<D>> {
  return bodyOf(await arrived(asked));
}

/** The same, with the ETag by which the next write says what it has seen. */
export async function answerAndTag<D>(
  asked: Promise<Answered<D>>,
): Promise<{ data: NonNullable<D>; etag: string | undefined }> {
  const answer = await arrived(asked);
  return { data: bodyOf(answer), etag: answer.response.headers.get('ETag') ?? undefined };
}

function bodyOf<D>({ data, error, response }: Answered<D>): NonNullable<D> {
  if (response.ok && data !== undefined && data !== null) return data;
  throw new ApiProblem(response.status, error, { retryAfter: response.headers.get('Retry-After') });
}

async function arrived<D>(asked: Promise<Answered<D>>): Promise<Answered<D>> {
  try {
    return await asked;
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** Whoever repeats a write under it does it once. `randomUUID` is for pages over TLS alone. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
