import { ACTOR_NAME_RULE, isActorName } from './actor-name.js';
import { refused } from './credentials.js';
import { createPrincipal, SCOPES, type Principal, type Scope } from './principal.js';

/** Where a token says what it allows. */
export interface ScopeClaims {
  /** The claim; undefined: `scope`, or else `scp`. */
  claim: string | undefined;
  /** What stands before each scope of this service; others are not its own. */
  prefix: string;
}

/**
 * Who sends a token with these claims.
 * @throws AccessError unauthorized, when nobody can be named so
 */
export function principalOfClaims(claims: Readonly<Record<string, unknown>>, where: ScopeClaims): Principal {
  const { sub } = claims;
  if (typeof sub !== 'string' || !isActorName(sub))
    throw refused('invalid_token', `the token is not accepted: its claim sub must be ${ACTOR_NAME_RULE}`);
  return createPrincipal(`user:${sub}`, scopesIn(claims, where));
}

/** Those of this service; what else the token allows is for others. */
function scopesIn(claims: Readonly<Record<string, unknown>>, { claim, prefix }: ScopeClaims): Scope[] {
  const given = claim === undefined ? (claims.scope ?? claims.scp) : claims[claim];
  const named: unknown[] = typeof given === 'string' ? given.split(' ') : Array.isArray(given) ? given : [];
  return SCOPES.filter((scope) => named.includes(prefix + scope));
}
