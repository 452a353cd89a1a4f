import type { RequestHandler } from 'express';
import type { Clock } from '../ports/clock.js';
import { ProblemError } from './problem.js';

export interface WhenStartedDependencies {
  /** Resolves when the log has been read; never when the service is stopped before. */
  started: Promise<void>;
  clock: Clock;
}

/** A start takes much less with stored states; clients that do not try again are worth the wait. */
const PATIENCE_MS = 5_000;

/**
 * Holds requests until the service has started, or asks clients to retry later: the port opens earlier, and load
 * balancers need not know. Holds none after the start.
 */
export function whenStarted({ started, clock }: WhenStartedDependencies): RequestHandler {
  const waiting = new Set<AbortController>();
  let isStarted = false;
  void started.then(() => {
    isStarted = true;
    for (const request of waiting) request.abort();
  });
  return async (_request, _response, next) => {
    if (!isStarted) {
      const request = new AbortController();
      waiting.add(request);
      await clock.sleep(PATIENCE_MS, request.signal);
      waiting.delete(request);
    }
    if (isStarted) {
      next();
      return;
    }
    const detail = 'the service is starting and reads its log';
    throw new ProblemError({ status: 503, code: 'starting', detail });
  };
}
