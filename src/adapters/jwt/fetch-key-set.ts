import type { JSONWebKeySet } from 'jose';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.js';
import { abortWith } from '../../waiting/abort-with.js';
import { NO_REASON } from '../../waiting/no-reason.js';

const ANSWER_WITHIN_MS = 3_000;
const MOST_BYTES = 262_144;
const MOST_KEYS = 100;

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MOST_KEYS) });

/**
 * Asks for the public keys of an issuer (RFC 7517). No redirect is followed, or another server could say whose tokens count.
 * @throws Error, when there is no such answer within 3 s
 */
export async function fetchKeySet(url: URL, clock: Clock, closing: AbortSignal): Promise<JSONWebKeySet> {
  const over = abortWith(closing);
  void clock.sleep(ANSWER_WITHIN_MS, over.signal).then(() => {
    over.abort(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`));
  });
  try {
    const headers = { accept: 'application/jwk-set+json, application/json' };
    const response = await fetch(url, { headers, redirect: 'manual', signal: over.signal });
    if (response.status !== 200) throw new Error(`the answer has the status ${response.status}`);
    return toKeySet(await textOf(response.body));
  } finally {
    over.abort(NO_REASON);
  }
}

/** @param body of the answer, decompressed */
async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (body !== null)
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
      chunks.push(chunk);
    }
  return Buffer.concat(chunks).toString();
}

function toKeySet(text: string): JSONWebKeySet {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the answer is not valid JSON');
  }
  const parsed = keySetSchema.safeParse(json);
  if (!parsed.success) throw new Error(`the answer is no key set of at most ${MOST_KEYS} keys`);
  return parsed.data;
}
