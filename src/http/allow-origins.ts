import type { RequestHandler, Response } from 'express';

/** What pages may send besides what the Fetch standard lets them send anyhow. Tracing adds the last three by itself. */
const ALLOWED_HEADERS = [
  ...['Authorization', 'X-API-Key', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'],
  ...['Last-Event-ID', 'Cache-Control', 'X-Request-Id', 'traceparent', 'tracestate', 'baggage'],
].join(', ');

/** What their scripts may see of an answer besides its content type. */
const EXPOSED_HEADERS = [
  ...['ETag', 'Location', 'Content-Location', 'Link', 'Retry-After', 'Reads-Lag', 'X-Request-Id'],
  ...['Allow', 'WWW-Authenticate', 'Content-Disposition'],
].join(', ');

/** Chromium keeps what a preflight has said no longer. */
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets pages of these origins read the answers, all of them, errors included: it comes before everything that could refuse.
 * Without `Access-Control-Allow-Credentials`, so that a browser adds nothing of its own to what a page sends: whoever needs
 * a credential puts it in a header.
 * @param origins exactly as browsers send them
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  if (allowed.size === 0)
    return (_request, _response, next) => {
      next();
    };
  return (request, response, next) => {
    response.vary('Origin');
    const { origin, 'access-control-request-method': asked } = request.headers;
    if (origin !== undefined && allowed.has(origin)) {
      const isPreflight = request.method === 'OPTIONS' && asked !== undefined;
      response.locals.page = isPreflight ? 'preflight' : 'request';
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': EXPOSED_HEADERS,
        ...(isPreflight && {
          'Access-Control-Allow-Headers': ALLOWED_HEADERS,
          'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
        }),
      });
    }
    next();
  };
}

/** Whether a page of an allowed origin has sent the request. */
export function isOfAllowedOrigin({ locals }: Response): boolean {
  return locals.page !== undefined;
}

/**
 * Whether the browser of such a page asks what it may send (Fetch, section 3.2.2). It shows no credential, whatever the page
 * has, and does nothing: it says what every documentation says, and costs less than a refusal.
 */
export function isPreflight({ locals }: Response): boolean {
  return locals.page === 'preflight';
}
