import type { RequestHandler } from 'express';
import { isOfAllowedOrigin } from './allow-origins.js';
import { ProblemError } from './problem.js';

const READING = ['GET', 'HEAD', 'OPTIONS'];
/** `none` is the user, by the address bar or a bookmark. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Refuses what a page of another origin sends with the browser of a user who reaches this service. Browsers say where a
 * write comes from; other clients do not, and pass.
 */
export const refuseForeignOrigins: RequestHandler = (request, response, next) => {
  const { origin, host } = request.headers;
  const site = request.get('sec-fetch-site');
  const isOwn =
    (site === undefined || OWN_SITES.includes(site)) && (origin === undefined || isOriginOf(host, origin));
  if (!isOwn && !isOfAllowedOrigin(response) && !READING.includes(request.method)) {
    const detail = 'a page of another origin may not change anything here; CORS_ORIGINS names those that may';
    throw new ProblemError({ status: 403, code: 'origin_not_allowed', detail });
  }
  next();
};

/** The scheme does not count: a proxy may have taken TLS off. Its usual port may be left out. */
export function isOriginOf(host: string | undefined, origin: string): boolean {
  const [, scheme, authority] = /^(https?):\/\/(.+)$/.exec(origin.toLowerCase()) ?? [];
  if (host === undefined || authority === undefined) return false;
  const usualPort = scheme === 'http' ? /:80$/ : /:443$/;
  return authority.replace(usualPort, '') === host.toLowerCase().replace(usualPort, '');
}
