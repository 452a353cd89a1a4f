import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { principalOfClaims, type ScopeClaims } from '../../access/claims.js';
import { AccessError, refused } from '../../access/credentials.js';
import type { Principal } from '../../access/principal.js';
import { toDate } from '../../events/timestamp.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';

export interface TokenRules {
  issuer: string;
  audience: string;
  /** Of signatures; all with a public key, which nobody can sign with. */
  algorithms: readonly string[];
  scopes: ScopeClaims;
}

const MOST_CHARACTERS = 8_192;
/** By so much the clocks of issuer and service may differ. */
const TOLERANCE_S = 30;
/** Of the keys that a token could mean: each costs a check of its signature, which anybody can ask for. */
const MOST_TRIED = 5;

/** The messages of jose may repeat what the token has. */
const WHY: Readonly<Record<string, string>> = {
  [errors.JWTExpired.code]: 'it has expired',
  [errors.JOSEAlgNotAllowed.code]: 'its algorithm is none of those in JWT_ALGORITHMS',
  [errors.JWKSNoMatchingKey.code]: 'its issuer has no key for it',
  [errors.JWKSMultipleMatchingKeys.code]:
    'it does not say which of more than 5 keys of its issuer has signed it',
  [errors.JWSSignatureVerificationFailed.code]: 'its signature is wrong',
};

/** @returns whose token it is. It throws AccessError and nothing else. */
export function createTokenVerifier(
  { issuer, audience, algorithms, scopes }: TokenRules,
  { clock, logger, keys }: { clock: Clock; logger: Logger; keys: JWTVerifyGetKey },
): (token: string) => Promise<Principal> {
  const requiredClaims = ['exp', 'sub'];
  return async (token) => {
    if (token.length > MOST_CHARACTERS) throw wrong(`it has more than ${MOST_CHARACTERS} characters`);
    const currentDate = toDate(clock.now());
    const payload = await payloadOf(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      requiredClaims,
      clockTolerance: TOLERANCE_S,
      currentDate,
    }).catch((error: unknown) => {
      if (error instanceof AccessError) throw error;
      if (error instanceof errors.JOSEError) throw wrong(reasonOf(error));
      logger.warn({ err: error }, 'a key of the token issuer cannot be used');
      throw wrong('the key that its issuer has for it cannot be used');
    });
    return principalOfClaims(payload, scopes);
  };
}

/** Where a token does not say which key has signed it, as those of issuers without `kid`, each is tried. */
async function payloadOf(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (++tried > MOST_TRIED) throw error;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (fault) {
        if (!(fault instanceof errors.JWSSignatureVerificationFailed)) throw fault;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its claim ${error.claim} is missing, or not what is expected here`;
  return WHY[error.code] ?? 'it is no signed token that can be read';
}

function wrong(reason: string): Error {
  return refused('invalid_token', `the token is not accepted: ${reason}`);
}
