import type { Response } from 'express';
import { AccessError } from '../access/credentials.js';
import { NOBODY, type Principal, type Scope } from '../access/principal.js';

/** Keeps who has sent the request that is answered by `response`. */
export function keepPrincipal(response: Response, principal: Principal): void {
  response.locals.principal = principal;
}

/** Who has sent the request that is answered by `response`; nobody, without any scope, until `identify` has said who. */
export function principalOf(response: Response): Principal {
  return (response.locals.principal as Principal | undefined) ?? NOBODY;
}

/** Keeps how to ask again who has sent the request: what it has shown may be withdrawn, or expire. */
export function keepIdentify(response: Response, identifyAgain: () => Promise<Principal>): void {
  response.locals.identifyAgain = identifyAgain;
}

/**
 * Whether what was shown with the request still has a scope. Where nobody can tell at the moment it has what it had;
 * before `identify` has said who, it has none.
 */
export async function stillMay(response: Response, scope: Scope): Promise<boolean> {
  const identifyAgain = response.locals.identifyAgain as (() => Promise<Principal>) | undefined;
  try {
    return (await identifyAgain?.())?.scopes.has(scope) ?? false;
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return error.code === 'credentials_unavailable';
  }
}
