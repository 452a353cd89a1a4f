import type { RequestHandler } from 'express';
import { canonicalHost, hostOf, isLoopback } from './host-names.js';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

export interface HostRules {
  /** Where the server listens. */
  host: string;
  /** Further names and addresses under which it is reached; none: only the loopback is guarded. */
  allowedHosts: readonly string[];
}

const MOST_OF_A_HOST = 100;

/**
 * A web page can make a name of its own lead to this machine, and is then of one origin with the service: only the Host
 * header tells. So what comes over the loopback must be addressed to the loopback or to HOST. Names of other addresses
 * are the operator's: there the header counts as soon as ALLOWED_HOSTS says which are right (ADR 21).
 */
export function refuseForeignHosts(rules: HostRules): RequestHandler {
  const isServed = hostRule(rules);
  return (request, _response, next) => {
    const given = request.headers.host === undefined ? [] : [request.headers.host];
    const foreign = [...given, ...authoritiesIn(request.url)].find(
      (authority) => !isServed(authority, request.socket.localAddress),
    );
    if (foreign !== undefined) {
      const detail = `this service is not addressed as ${JSON.stringify(shortened(foreign, MOST_OF_A_HOST))}; ALLOWED_HOSTS names further hosts`;
      throw new ProblemError({ status: 421, code: 'host_not_allowed', detail });
    }
    next();
  };
}

/** @returns whether a request for the host `authority` that has reached the address `reachedAt` is for this service */
export function hostRule({ host, allowedHosts }: HostRules) {
  const own = new Set([host, ...allowedHosts].map(canonicalHost));
  return (authority: string, reachedAt: string | undefined): boolean => {
    const local = canonicalHost(reachedAt ?? 'localhost');
    if (allowedHosts.length === 0 && local !== undefined && !isLoopback(local)) return true;
    const name = hostOf(authority);
    // An address is no name that could be made to lead elsewhere: probes come by the address of the container.
    return name !== undefined && (isLoopback(name) || own.has(name) || name === local);
  };
}

/** A target may name a host itself, as in `GET http://host/path`. */
function authoritiesIn(target: string): string[] {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority === undefined ? [] : [authority];
}
