import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What browsers need for answers that are data: they run nothing of them, frame them nowhere, give them to no page of
 * another origin, and take no type for another. Whatever else helmet knows is for pages. Strict-Transport-Security counts
 * over TLS alone (RFC 6797, section 7.2), so it is set where TLS ends; this service speaks plain HTTP.
 */
const ofHelmet = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  xContentTypeOptions: true,
  crossOriginEmbedderPolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  strictTransportSecurity: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xPoweredBy: false,
  xXssProtection: false,
});

/** The headers of every answer, by their names. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  ...setByHelmet(),
};

export const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set(SAFE_HEADERS);
  next();
};

/** Asked once: they are the same for all requests, and answers that Express does not make have them, too. */
function setByHelmet(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = { setHeader: (name: string, value: string) => (headers[name] = value) };
  ofHelmet({} as unknown as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}
