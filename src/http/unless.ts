import type { Request, RequestHandler, Response } from 'express';

/** A handler that only some requests go through. */
export function unless(
  isPassing: (request: Request, response: Response) => boolean,
  handler: RequestHandler,
): RequestHandler {
  return (request, response, next) => {
    if (!isPassing(request, response)) return handler(request, response, next);
    next();
    return undefined;
  };
}
