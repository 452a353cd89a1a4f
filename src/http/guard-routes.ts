import type { Request, RequestHandler, Response, Router } from 'express';
import type { Refusal } from '../access/credentials.js';
import { ANONYMOUS } from '../access/principal.js';
import { principalOf } from './principal-of.js';
import { CHALLENGE, ProblemError } from './problem.js';
import { refuseElsewhere } from './refuse-elsewhere.js';
import { unless } from './unless.js';
import { routeScopes, scopesOfBody, type AnyOf, type Method } from './route-scopes.js';

type Needs = Readonly<Partial<Record<Method, AnyOf>>>;
/** Counts a request that is refused. */
type Refused = (reason: Refusal) => void;

/**
 * Puts the check of scopes in front of all handlers of each route, inside of the route: whatever path Express has matched
 * with it, the check is that of the same route, so there is no second matching that could differ.
 * @param refused is told of each request without the scope
 * @param reading reads the body, after the first check: nothing is read of a request that is refused by its path
 * @throws Error for a route or method that the table of scopes does not have
 */
export function guardRoutes(router: Router, refused: Refused, ...reading: RequestHandler[]): Router {
  for (const { route } of router.stack) {
    if (route === undefined) throw new Error('only a router that has nothing but routes can be guarded');
    const needs = routeScopes[route.path];
    if (needs === undefined) throw new Error(`${route.path} is not in the table of scopes`);
    const handlers = route.stack.splice(0);
    for (const { method } of handlers)
      if (isOfOneMethod(method) && !(method.toUpperCase() in needs))
        throw new Error(`${method} of ${route.path} is not in the table of scopes`);
    // Nothing of its body is wanted, and the methods are the same while the service starts.
    const isNoMethod = (request: Request): boolean => askedOf(needs, request) === undefined;
    const ofBody = (asked: AnyOf, { body }: Request): AnyOf => scopesOfBody(asked, body);
    route.all(
      check(needs, refused),
      ...reading.map((handler) => unless(isNoMethod, handler)),
      check(needs, refused, ofBody),
    );
    route.stack.push(...handlers);
  }
  return router;
}

/** A handler of all methods has none, whatever its type says. */
function isOfOneMethod(method: string | undefined): method is string {
  return method !== undefined;
}

/** @param narrowed what the request needs, of the scopes that its method asks for */
function check(
  needs: Needs,
  refused: Refused,
  narrowed: (asked: AnyOf, request: Request) => AnyOf = (asked) => asked,
): RequestHandler {
  return (request, response, next) => {
    const asked = askedOf(needs, request);
    if (asked !== undefined) refuseWithout(narrowed(asked, request), { request, response, refused });
    next();
  };
}

/** @returns undefined for a method that the route refuses to everybody */
function askedOf(needs: Needs, { method }: Request): AnyOf | undefined {
  return needs[(method === 'HEAD' ? 'GET' : method) as Method];
}

interface Asking {
  request: Request;
  response: Response;
  refused: Refused;
}

/** @throws ProblemError forbidden, loopback_only */
function refuseWithout(asked: AnyOf, { request, response, refused }: Asking): void {
  const principal = principalOf(response);
  // The very one: whoever is merely called so has come by without being looked at.
  if (principal === ANONYMOUS && asked.every((scope) => scope === 'people')) {
    refuseElsewhere(request);
    return;
  }
  const { actor, scopes } = principal;
  if (asked.some((scope) => scopes.has(scope))) return;
  refused('forbidden');
  const needed = `this needs the scope ${asked.join(' or ')}`;
  const detail = actor === ANONYMOUS.actor ? needed : `${needed}, and ${actor} does not have it`;
  throw new ProblemError({ status: 403, code: 'forbidden', detail, headers: challengeTo(request) });
}

/** Whoever has shown a token or key as RFC 6750 has it is answered so. */
function challengeTo({ headers }: Request): Record<string, string> {
  if (headers.authorization === undefined) return {};
  return { 'WWW-Authenticate': `${CHALLENGE}, error="insufficient_scope"` };
}
