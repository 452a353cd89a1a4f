import { ACTOR_NAME_RULE, isActorName } from './actor-name.js';
import { findKey, KEY_PREFIX, type ApiKey } from './api-keys.js';
import { refused, type Credentials, type Presented } from './credentials.js';
import { createPrincipal, type Principal, type Scope } from './principal.js';

/** The kinds of credentials that are configured, at least one of them. */
export interface CredentialKinds {
  /** Epoch milliseconds. */
  now: () => number;
  /** The API keys in force. */
  keys: (() => readonly ApiKey[]) | undefined;
  /** Whose token it is. @throws AccessError */
  tokens: ((token: string) => Promise<Principal>) | undefined;
  proxies: TrustedProxies | undefined;
}

/** Proxies that say by a header who has sent what they pass on. */
export interface TrustedProxies {
  /** In small letters. */
  header: string;
  /** Whether a connection from this address is one of theirs. */
  trusts: (address: string | undefined) => boolean;
  scopes: readonly Scope[];
}

/**
 * A request shows one credential, of whichever kind. One that shows two is refused, since nobody could say which counts, and
 * so is the header of a proxy from anywhere else, whatever is shown beside it.
 */
export function createCredentials({ now, keys, tokens, proxies }: CredentialKinds): Credentials {
  function ofProxy(trusted: TrustedProxies, actor: string, { remoteAddress }: Presented): Principal {
    if (!trusted.trusts(remoteAddress))
      throw refused(
        'actor_not_trusted',
        `the header ${trusted.header} counts from the proxies in TRUSTED_PROXIES alone, and this connection is from elsewhere`,
      );
    if (!isActorName(actor))
      throw refused('invalid_actor', `the header ${trusted.header} must be ${ACTOR_NAME_RULE} in UTF-8`);
    return createPrincipal(`proxy:${actor}`, trusted.scopes);
  }

  function ofKey(inForce: readonly ApiKey[], text: string): Principal {
    const key = findKey(inForce, text);
    if (key === undefined) throw refused('unknown_key', 'the API key is not known, or was withdrawn');
    if (key.expiresAt !== null && key.expiresAt <= now())
      throw refused('expired_key', 'the API key has expired');
    return createPrincipal(`key:${key.name}`, key.scopes);
  }

  return {
    areConfigured: true,
    actorHeader: proxies?.header,
    async identify(presented) {
      const { authorization, apiKey, actor } = presented;
      // Where nothing is read from these headers they are none of this service's business: proxies may pass them on.
      const bearer = (keys ?? tokens) === undefined ? undefined : bearerOf(authorization);
      const key = keys === undefined ? undefined : apiKey;
      const said = proxies === undefined ? undefined : actor;
      const shown = new Set([bearer, key].filter((text) => text !== undefined));
      if (proxies !== undefined && said !== undefined) {
        const principal = ofProxy(proxies, said, presented);
        if (shown.size > 0) throw twoCredentials();
        return principal;
      }
      if (shown.size > 1) throw twoCredentials();
      const [text] = shown;
      if (text === undefined) throw refused('no_credential', 'this needs a credential, and none is shown');
      if (tokens !== undefined && text === bearer && key === undefined && !text.startsWith(KEY_PREFIX))
        return tokens(text);
      return ofKey(keys?.() ?? [], text);
    },
  };
}

function twoCredentials(): Error {
  return refused('two_credentials', 'this request shows more than one credential: leave out all but one');
}

/** @throws AccessError unauthorized, when it is of another scheme */
function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  throw refused('invalid_token', 'the header authorization must be Bearer and a token or key behind it');
}
