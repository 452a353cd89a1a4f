import type { Response } from 'express';
import { ANONYMOUS, type Principal } from '../access/principal.js';

/** Keeps who has sent the request that is answered by `response`. */
export function keepPrincipal(response: Response, principal: Principal): void {
  response.locals.principal = principal;
}

/** Who has sent the request that is answered by `response`: anonymous unless a credential has said so. */
export function principalOf(response: Response): Principal {
  return (response.locals.principal as Principal | undefined) ?? ANONYMOUS;
}
