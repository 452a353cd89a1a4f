import type { Response } from 'express';
import { NOBODY, type Principal } from '../access/principal.js';

/** Keeps who has sent the request that is answered by `response`. */
export function keepPrincipal(response: Response, principal: Principal): void {
  response.locals.principal = principal;
}

/** Who has sent the request that is answered by `response`; nobody, without any scope, until `identify` has said who. */
export function principalOf(response: Response): Principal {
  return (response.locals.principal as Principal | undefined) ?? NOBODY;
}
