import type { RequestHandler } from 'express';
import { ProblemError } from './problem.js';

/** Each asks for a write to be done only under a condition, or only once, or in part. */
const CONDITIONS = ['if-match', 'if-none-match', 'if-unmodified-since', 'idempotency-key', 'content-range'];
const WITHOUT_EFFECT = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes under a condition that this service does not know: done all the same, it would be done against the
 * client's will (RFC 9110, sections 13.1 and 14.5).
 */
export const refuseConditions: RequestHandler = (request, _response, next) => {
  const asked = CONDITIONS.filter((name) => request.headers[name] !== undefined);
  if (asked.length > 0 && !WITHOUT_EFFECT.has(request.method)) {
    throw new ProblemError({
      status: 400,
      code: 'unsupported_header',
      detail: `nothing was done, since ${asked.join(', ')} is not supported`,
    });
  }
  next();
};
