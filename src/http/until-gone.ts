import type { Request, Response } from 'express';
import { NO_REASON } from '../waiting/no-reason.js';

type Handler<P> = (request: Request<P>, response: Response) => Promise<void>;

/**
 * A handler that gets a signal, which aborts when the client has hung up. What it throws because of that is no fault:
 * nobody waits for the answer.
 */
export function untilGone<P>(
  handle: (request: Request<P>, response: Response, gone: AbortSignal) => Promise<void>,
): Handler<P> {
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort(NO_REASON);
    });
    if (response.closed) gone.abort(NO_REASON);
    try {
      await handle(request, response, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted || error !== NO_REASON) throw error;
    }
  };
}
