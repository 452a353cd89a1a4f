import { createCredentials, type CredentialKinds } from '../access/create-credentials.js';
import type { Credentials } from '../access/credentials.js';
import { isTrustedAddress } from '../access/is-trusted-address.js';
import { noCredentials } from '../access/no-credentials.js';
import { KeyFileError } from '../access/parse-keys.js';
import type { Principal } from '../access/principal.js';
import type { KeyFile } from '../adapters/keys/read-key-file.js';
import type { WatchedKeys } from '../adapters/keys/watch-keys.js';
import { ConfigError, type Config } from '../config/config.js';
import type { TokensConfig } from '../config/credentials.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { NO_REASON } from '../waiting/no-reason.js';

export type CredentialKind = 'keys' | 'tokens' | 'proxies';

export interface OpenCredentials {
  credentials: Credentials;
  /** Those that are in force. */
  kinds: readonly CredentialKind[];
  /** For how long the file of keys could not be used; 0 while it can, and where there is none. */
  keysStaleSeconds: () => number;
  /** Ends what reads keys again. */
  close: () => void;
}

interface Tools {
  clock: Clock;
  logger: Logger;
}

/**
 * The API keys to begin with, before anything else is opened.
 * @returns undefined where none are configured
 * @throws ConfigError that repeats neither the path nor a key: somebody may have set a key itself
 */
export async function firstKeys({ credentials }: Config): Promise<KeyFile | undefined> {
  if (credentials?.keysFile === undefined) return undefined;
  const { readKeyFile } = await import('../adapters/keys/read-key-file.js');
  return readKeyFile(credentials.keysFile).catch((error: unknown) => {
    if (!(error instanceof KeyFileError)) throw error;
    throw new ConfigError(`API_KEYS_FILE must be the path of a file of keys, which ${error.message}`);
  });
}

/** The credentials that are configured. */
export async function openCredentials(
  { credentials: configured }: Config,
  keyFile: KeyFile | undefined,
  { clock, logger }: Tools,
): Promise<OpenCredentials> {
  if (configured === undefined)
    return { credentials: noCredentials, kinds: [], keysStaleSeconds: () => 0, close: () => undefined };
  const ending = new AbortController();
  const { keysFile, tokens, proxies } = configured;
  const keys = keysFile === undefined || keyFile === undefined ? undefined : await watched(keysFile, keyFile);
  const given: CredentialKinds = {
    now: () => clock.now(),
    keys: keys?.current,
    tokens: tokens && (await openTokens(tokens, { clock, logger }, ending.signal)),
    proxies: proxies && {
      header: proxies.header,
      trusts: (address) => isTrustedAddress(proxies.addresses, address),
      scopes: proxies.scopes,
    },
  };

  async function watched(path: string, first: KeyFile): Promise<WatchedKeys> {
    const { watchKeys } = await import('../adapters/keys/watch-keys.js');
    return watchKeys(path, first, { clock, logger }, ending.signal);
  }

  return {
    credentials: createCredentials(given),
    kinds: (['keys', 'tokens', 'proxies'] as const).filter((kind) => given[kind] !== undefined),
    keysStaleSeconds: keys?.staleSeconds ?? (() => 0),
    close() {
      ending.abort(NO_REASON);
    },
  };
}

async function openTokens(
  { keysUrl, issuer, audience, algorithms, scopesClaim, scopesPrefix }: TokensConfig,
  { clock, logger }: Tools,
  ending: AbortSignal,
): Promise<(token: string) => Promise<Principal>> {
  const { createTokenVerifier } = await import('../adapters/jwt/verify-token.js');
  const { createIssuerKeys } = await import('../adapters/jwt/issuer-keys.js');
  const { fetchKeySet } = await import('../adapters/jwt/fetch-key-set.js');
  const keys = createIssuerKeys({ clock, logger, fetchKeySet: () => fetchKeySet(keysUrl, clock, ending) });
  const scopes = { claim: scopesClaim, prefix: scopesPrefix };
  return createTokenVerifier({ issuer, audience, algorithms, scopes }, { clock, logger, keys });
}
