import type { RequestHandler, Response } from 'express';
import type { Ids } from '../ports/ids.js';

const ACCEPTED = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * Each request has an id: the caller's X-Request-Id if usable, else a new one. It is returned, logged, kept with
 * events.
 */
export function requestId(ids: Ids): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const id = given !== undefined && ACCEPTED.test(given) ? given : ids.uuid();
    response.locals.requestId = id;
    response.set('X-Request-Id', id);
    next();
  };
}

export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}
