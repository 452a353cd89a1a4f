import type { RequestHandler } from 'express';
import { invalidRequest } from './problem.js';
import { announcesBody } from './require-json.js';

/**
 * Refuses a request whose body was announced and is not there. The parser passes it over in silence when its client has
 * hung up before: a dry run would become a real one.
 */
export const wholeBody: RequestHandler = (request, _response, next) => {
  if (announcesBody(request) && request.body === undefined)
    throw invalidRequest([{ field: 'body', message: 'was not received as a whole' }]);
  next();
};
