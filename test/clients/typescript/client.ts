import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

export type Schemas = components['schemas'];

export const { ADDRESS = '', KEY = '' } = process.env;

export const client = createClient<paths>({ baseUrl: ADDRESS, headers: { 'X-API-Key': KEY } });

interface Answered<D> {
  data?: D;
  error?: unknown;
  response: Response;
}

/** @returns the body, of the type that the document gives it. @throws AssertionError where the status is another */
export function dataOf<D>({ data, error, response }: Answered<D>, status = 200): D {
  assert.equal(response.status, status, JSON.stringify(error));
  assert(data !== undefined);
  return data;
}

/** Of what may be asked for as CSV, too, and was not. */
export function noText<D>(data: D | string): D {
  assert.notEqual(typeof data, 'string');
  return data as D;
}

/** Fails where an answer is no problem, or another one. */
export function assertProblem(error: Schemas['Problem'] | undefined, status: number, code: string): void {
  assert.equal(error?.status, status);
  assert.equal(error.code, code);
  assert.match(error.detail, /\w/);
  assert.match(error.request_id, /\w/);
}

/** The first event of a stream, which is then closed. */
export async function firstEvent(
  follow: (signal: AbortSignal) => Promise<Answered<unknown>>,
): Promise<string> {
  const reading = new AbortController();
  try {
    let text = '';
    const stream = dataOf(await follow(reading.signal)) as ReadableStream<Uint8Array>;
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/^data: .*\n\n/m.test(text)) return text;
    }
    throw new Error(`it ended: ${text}`);
  } finally {
    reading.abort();
  }
}
