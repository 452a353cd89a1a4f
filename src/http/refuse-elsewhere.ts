import type { Request } from 'express';
import { isOfProxies } from './headers-of-proxies.js';
import { canonicalHost, hostOf, isLoopback } from './host-names.js';
import { ProblemError } from './problem.js';
import { isOriginOf } from './refuse-foreign-origins.js';

/**
 * Refuses an anonymous request for what names mentors, unless it comes from this machine and from no proxy on it: without
 * credentials nobody else may read it. A proxy on this machine that says nothing of itself, speaks HTTP/1.1 and calls
 * this service by a name of the loopback cannot be told from a client.
 * @throws ProblemError loopback_only
 */
export function refuseElsewhere(request: Asked): void {
  const why = whyElsewhere(request);
  if (why === undefined) return;
  const detail = `without a credential with the scope people, what names mentors is served to this machine alone, and ${why}; ask on the machine of the service itself, as http://localhost or http://127.0.0.1, or by the command line there`;
  throw new ProblemError({ status: 403, code: 'loopback_only', detail });
}

/** What of a request is seen here. */
export type Asked = Pick<Request, 'headers' | 'httpVersion' | 'originalUrl'> & {
  socket: Pick<Request['socket'], 'localAddress' | 'remoteAddress'>;
};

/** @returns why a request may come from elsewhere; undefined when nothing says so */
export function whyElsewhere({ headers, httpVersion, originalUrl, socket }: Asked): string | undefined {
  const { localAddress, remoteAddress } = socket;
  if (!isOfLoopback(remoteAddress) || !isOfLoopback(localAddress))
    return 'this request has not come over the loopback';
  const ofProxy = Object.keys(headers).find(isOfProxies);
  if (ofProxy !== undefined) return `a proxy has passed this request on, as its header ${ofProxy} says`;
  // Some proxies pass on by the old version, and say nothing else of themselves.
  if (httpVersion !== '1.1') return `this request is HTTP/${httpVersion}, as proxies send it`;
  if (!originalUrl.startsWith('/')) return 'the target of this request is that of a proxy';
  const host = headers.host === undefined ? undefined : hostOf(headers.host);
  if (host === undefined || !isLoopback(host)) return 'the Host of this request is no name of the loopback';
  // It may be one of CORS_ORIGINS: a page that others have made is not this machine.
  if (headers.origin !== undefined && !isOriginOf(headers.host, headers.origin))
    return 'a page of another origin has sent this request';
  return undefined;
}

function isOfLoopback(address: string | undefined): boolean {
  const host = address === undefined ? undefined : canonicalHost(address);
  return host !== undefined && isLoopback(host);
}
