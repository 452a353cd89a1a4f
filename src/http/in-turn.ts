import type { RequestHandler } from 'express';
import type { Clock } from '../ports/clock.js';
import { turnForNew } from '../waiting/turn-with-time.js';

/** Requests that arrive together are taken up over several turns of the event loop. */
export function inTurn(clock: Clock): RequestHandler {
  return async (request, _response, next) => {
    await turnForNew(clock);
    // Who has hung up meanwhile wants nothing any more.
    if (!request.socket.destroyed) next();
  };
}
