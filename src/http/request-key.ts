import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { RequestKey } from '../job/accept-request.js';
import { invalidRequest } from './problem.js';
import { shortHash } from './short-hash.js';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The key under which a request may be repeated: by its header `Idempotency-Key`, of this sender alone; and what it asks
 * for, whichever of the base paths it has. Undefined without the header.
 * @throws ProblemError invalid_request
 */
export function requestKeyOf(request: Request, actor: string): RequestKey | undefined {
  return hashesOf(request, [actor]);
}

/**
 * Likewise of a request for many jobs, each of which remembers it. It is no key of a request for one of them: each may be
 * called alike, and then a repeat would find a job that this request has never met.
 * @throws ProblemError invalid_request
 */
export function bulkKeyOf(request: Request, actor: string): RequestKey | undefined {
  return hashesOf(request, ['bulk', actor]);
}

function hashesOf(request: Request, sender: readonly string[]): RequestKey | undefined {
  const key = keyOf(request);
  if (key === undefined) return undefined;
  const { method } = request;
  // How long its client waits for the end changes nothing of what is done.
  const query = { ...request.query, wait: undefined };
  const body: unknown = request.body ?? {};
  const path = request.path.replace(/\/$/, '');
  return {
    key_hash: shortHash([...sender, key]),
    request_hash: shortHash([method, path, query, body]),
  };
}

/**
 * The id of a job that is created under a key: a repeat meets the job itself. Undefined without the header.
 * @throws ProblemError invalid_request
 */
export function createdId(request: Request, actor: string): string | undefined {
  const key = keyOf(request);
  return key === undefined ? undefined : cronIdBy(['created', actor, key]);
}

/** The id of a job that is declared by a key: whoever declares it means the same job. */
export function declaredId(key: string): string {
  return cronIdBy(['declared', key]);
}

function keyOf({ headersDistinct }: Request): string | undefined {
  const given = headersDistinct[HEADER];
  if (given === undefined) return undefined;
  const [key = '', ...more] = given;
  if (more.length === 0 && KEY.test(key)) return key;
  const message = 'must be there once, of 1 to 255 visible ASCII characters without blanks';
  throw invalidRequest([{ field: 'Idempotency-Key', message }]);
}

function cronIdBy(parts: readonly string[]): string {
  return `cron-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}
