import type { Request, RequestHandler } from 'express';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

const MOST_OF_A_TYPE = 200;

/**
 * The parser would silently pass over a body of another type. A type without a body is held to be one as well: that is
 * what a form of another site sends, which browsers send without asking first.
 */
export const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.headers['content-type'];
  const isJson = announcesBody(request)
    ? request.is('application/json') !== false
    : type === undefined || /^application\/json\s*(;|$)/i.test(type);
  if (isJson) {
    next();
    return;
  }
  const detail = `the body must be application/json, not ${shortened(type ?? 'of no type', MOST_OF_A_TYPE)}`;
  throw new ProblemError({
    status: 415,
    code: 'unsupported_media_type',
    detail,
    headers: { Accept: 'application/json' },
  });
};

/** RFC 9112, section 6. */
export function announcesBody({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
