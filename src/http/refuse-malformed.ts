import type { RequestHandler } from 'express';
import { MOST_HEADERS } from './http-limits.js';
import { ProblemError } from './problem.js';

/** Refuses what HTTP forbids and Node lets pass: of several Host headers it shows the first, of many headers the first ones. */
export const refuseMalformed: RequestHandler = (request, _response, next) => {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.length >= MOST_HEADERS) throw malformed(431, `a request has fewer than ${MOST_HEADERS} headers`);
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length;
  // Only version 1.0 may leave it out, which no browser speaks.
  if (hosts > 1 || (hosts === 0 && request.httpVersion !== '1.0'))
    throw malformed(400, `a request has one Host header, not ${hosts}`);
  next();
};

function malformed(status: 400 | 431, detail: string): ProblemError {
  return new ProblemError({ status, code: 'invalid_http', detail, headers: { Connection: 'close' } });
}
