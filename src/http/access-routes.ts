import { Router, type Request } from 'express';
import { ANONYMOUS, SCOPES, type Principal, type Scope } from '../access/principal.js';
import { onlyMethods } from './only-methods.js';
import { parseNoQuery } from './parse-request.js';
import { principalOf } from './principal-of.js';
import { whyElsewhere } from './refuse-elsewhere.js';

/** Who the sender is to this service, and what it may do here: for a client that shows people what they can do. */
export function accessRoutes(): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/access')
    .get((request, response) => {
      parseNoQuery(request);
      const principal = principalOf(response);
      response.json({ actor: principal.actor, scopes: scopesHere(principal, request) });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** Without credentials, what names mentors is for this machine alone. */
function scopesHere(principal: Principal, request: Request): Scope[] {
  const mayReadPeople = principal === ANONYMOUS && whyElsewhere(request) === undefined;
  return SCOPES.filter((scope) => principal.scopes.has(scope) || (scope === 'people' && mayReadPeople));
}
