import type { Request, RequestHandler } from 'express';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

const MOST_OF_A_TYPE = 200;

/**
 * The parser would silently pass over a body of another type. A type without a body is held to be one as well: that is
 * what a form of another site sends, which browsers send without asking first.
 */
export const requireJson: RequestHandler = async (request, _response, next) => {
  const type = request.headers['content-type'];
  // Proxies announce chunks for a request without a body, and send none.
  const isBare = type === undefined && request.headers['transfer-encoding'] !== undefined;
  if (isBare && (await isEmpty(request))) {
    request.body = {};
    next();
    return;
  }
  const isJson = announcesBody(request)
    ? request.is('application/json') !== false
    : type === undefined || /^application\/json\s*(;|$)/i.test(type);
  if (isJson && !isBare) {
    next();
    return;
  }
  const isNamed = type !== undefined && type !== '';
  const detail = `the body must be application/json, not ${shortened(isNamed ? type : 'of no type', MOST_OF_A_TYPE)}`;
  throw new ProblemError({
    status: 415,
    code: 'unsupported_media_type',
    detail,
    headers: { Accept: 'application/json' },
  });
};

/** Whether a body ends before its first octet. */
function isEmpty(request: Request): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (request.read() !== null) settle(false);
    };
    const end = (): void => {
      settle(true);
    };
    const close = (): void => {
      settle(false);
    };
    function settle(empty: boolean): void {
      request.off('readable', look).off('end', end).off('close', close);
      resolve(empty);
    }
    request.on('readable', look).on('end', end).on('close', close);
  });
}

/** RFC 9112, section 6. */
export function announcesBody({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
