import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Refusal } from '../access/credentials.js';
import { ANONYMOUS } from '../access/principal.js';
import type { Clock } from '../ports/clock.js';
import { principalOf } from './principal-of.js';
import { ProblemError } from './problem.js';
import { createRequestCounts } from './request-counts.js';

const WINDOW_MS = 60_000;
/** What one household usually has. Whoever has a /48 has 256 of them, and cannot fill the counts of all senders. */
const IPV6_PREFIX = 56;

/**
 * Refuses the requests of a sender beyond a number in each minute.
 * @param limit requests in a minute; undefined is without a limit
 * @param refused is told of each that is refused
 */
export function limitRate(
  limit: number | undefined,
  clock: Pick<Clock, 'monotonic'>,
  refused: (reason: Refusal) => void,
): RequestHandler {
  if (limit === undefined)
    return (_request, _response, next) => {
      next();
    };
  const counts = createRequestCounts(clock, WINDOW_MS);
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    store: counts,
    keyGenerator: senderOf,
    legacyHeaders: false,
    standardHeaders: false,
    // They write to the console about headers of proxies, which count for nothing here.
    validate: false,
    handler: () => {
      refused('rate_limited');
      throw new ProblemError({
        status: 429,
        code: 'too_many_requests',
        detail: `a sender may ask ${limit} times in a minute; try again later`,
        headers: { 'Retry-After': String(counts.secondsLeft()) },
      });
    },
  });
}

/** The actor; of anonymous senders the address at the other end of the connection, one of version 6 by its network. */
function senderOf(request: Request, response: Response): string {
  const { actor } = principalOf(response);
  if (actor !== ANONYMOUS.actor) return actor;
  return ipKeyGenerator(request.socket.remoteAddress ?? '', IPV6_PREFIX);
}
