import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { ProblemError } from './problem.js';

/** Each asks for a write to be done only under a condition that this service does not keep, or in part. */
const NEVER_KEPT = ['if-unmodified-since', 'content-range'];
/** A repeat of a delete meets no job, whether it is under a key or not. */
const KEPT_BUT_BY_DELETE = 'idempotency-key';
const WITHOUT_EFFECT = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes under a condition that this service does not know: done all the same, it would be done against the
 * client's will (RFC 9110, sections 13.1 and 14.5). A read is answered whole, whatever its client has: the entity tag of a
 * job leaves its runs alone, so it says nothing of whether the answer is the same.
 */
export const refuseConditions: RequestHandler = ({ method, headers }, _response, next) => {
  if (WITHOUT_EFFECT.has(method)) {
    delete headers['if-none-match'];
    next();
    return;
  }
  const unknown = method === 'DELETE' ? [...NEVER_KEPT, KEPT_BUT_BY_DELETE] : NEVER_KEPT;
  refuse(headers, unknown);
  next();
};

/** Of a request for many jobs: each has an entity tag of its own. @throws ProblemError unsupported_header */
export function refuseTags(headers: IncomingHttpHeaders): void {
  refuse(headers, ['if-match', 'if-none-match']);
}

function refuse(headers: IncomingHttpHeaders, unknown: readonly string[]): void {
  const asked = unknown.filter((name) => headers[name] !== undefined);
  if (asked.length === 0) return;
  throw new ProblemError({
    status: 400,
    code: 'unsupported_header',
    detail: `nothing was done, since ${asked.join(', ')} is not supported`,
  });
}
