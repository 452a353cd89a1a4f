import type { BlockList } from 'node:net';
import type * as z from 'zod';
import { SCOPES, type Scope } from '../access/principal.js';
import { toProxies } from './proxies.js';
import { optionalText } from './variables.js';

/** The credentials that are configured; each kind is undefined where it is not. */
export interface CredentialsConfig {
  /** Path of the file of API keys. */
  keysFile: string | undefined;
  tokens: TokensConfig | undefined;
  proxies: ProxiesConfig | undefined;
}

export interface TokensConfig {
  keysUrl: URL;
  issuer: string;
  audience: string;
  algorithms: readonly string[];
  /** The claim with the scopes; undefined: `scope`, or else `scp`. */
  scopesClaim: string | undefined;
  /** What stands before each scope there. */
  scopesPrefix: string;
}

export interface ProxiesConfig {
  /** In small letters. */
  header: string;
  addresses: BlockList;
  scopes: readonly Scope[];
}

/** All sign with a private key: whoever checks a signature by the others could make one, too. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Headers that already have a meaning here. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['authorization', 'x-api-key', 'host', 'x-request-id', 'traceparent', 'tracestate', 'baggage'],
  ...[
    'cookie',
    'cookie2',
    'set-cookie',
    'origin',
    'referer',
    'user-agent',
    'date',
    'range',
    'idempotency-key',
  ],
  // Of the connection, and of where a message ends.
  ...[
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'prefer',
    'cache-control',
  ],
  ...[
    'proxy-connection',
    'proxy-authorization',
    'proxy-authenticate',
    'pragma',
    'max-forwards',
    'last-event-id',
  ],
  // Of the way that a message has come: anybody may write them.
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto'],
  ...[
    'x-forwarded-server',
    'x-forwarded-prefix',
    'x-forwarded',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
  ],
  ...['cf-connecting-ip', 'x-http-method-override', 'x-original-url', 'x-rewrite-url'],
]);
const TAKEN_FAMILY = /^(accept|access-control|content|if|sec)(-|$)/;

export const credentialVariables = {
  API_KEYS_FILE: optionalText,
  JWT_JWKS_URL: optionalText.transform(toKeysUrl),
  JWT_ISSUER: optionalText,
  JWT_AUDIENCE: optionalText,
  JWT_ALGORITHMS: listOf(ALGORITHMS),
  JWT_SCOPES_CLAIM: optionalText,
  JWT_SCOPES_PREFIX: optionalText.refine((text) => text === undefined || /^[!#-[\]-~]{1,100}$/.test(text), {
    error: 'must be up to 100 characters that a scope may have: ASCII without blanks, quotes and backslashes',
  }),
  ACTOR_HEADER: optionalText.refine((name) => name === undefined || isFreeHeader(name.toLowerCase()), {
    error: 'must be the name of a header that has no other meaning, such as X-Auth-Request-User',
  }),
  TRUSTED_PROXIES: optionalText.transform(toProxies),
  ACTOR_SCOPES: listOf(SCOPES),
};

type Given = z.infer<z.ZodObject<typeof credentialVariables>>;

/** Each group is set as a whole, or not at all. */
const TOGETHER = [
  ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'],
  ['ACTOR_HEADER', 'TRUSTED_PROXIES'],
] as const;
/** What would do nothing without the first of its line. */
const REFINING = [
  ['JWT_JWKS_URL', 'JWT_ALGORITHMS', 'JWT_SCOPES_CLAIM', 'JWT_SCOPES_PREFIX'],
  ['ACTOR_HEADER', 'ACTOR_SCOPES'],
] as const;

/** @returns undefined without any */
export function credentialsConfig(given: Given): CredentialsConfig | undefined {
  const keysFile = given.API_KEYS_FILE;
  const tokens = tokensConfig(given);
  const proxies = proxiesConfig(given);
  return (keysFile ?? tokens ?? proxies) === undefined ? undefined : { keysFile, tokens, proxies };
}

function tokensConfig(given: Given): TokensConfig | undefined {
  const { JWT_JWKS_URL: keysUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = given;
  if (keysUrl === undefined || issuer === undefined || audience === undefined) return undefined;
  return {
    keysUrl,
    issuer,
    audience,
    algorithms: given.JWT_ALGORITHMS ?? ['RS256', 'PS256', 'ES256', 'EdDSA'],
    scopesClaim: given.JWT_SCOPES_CLAIM,
    scopesPrefix: given.JWT_SCOPES_PREFIX ?? '',
  };
}

function proxiesConfig(given: Given): ProxiesConfig | undefined {
  const { ACTOR_HEADER: header, TRUSTED_PROXIES: addresses, ACTOR_SCOPES: scopes } = given;
  if (header === undefined || addresses === undefined) return undefined;
  return { header: header.toLowerCase(), addresses, scopes: scopes ?? ['read'] };
}

/** Which variables cannot be combined; undefined when all can. */
export function credentialsFault(given: Given & { ALLOW_ANONYMOUS: boolean }): string | undefined {
  const isSet = (name: keyof Given): boolean => given[name] !== undefined;
  for (const group of TOGETHER)
    if (group.some(isSet) && !group.every(isSet)) return `${group.join(', ')} must be set together`;
  for (const [first, ...others] of REFINING) {
    const idle = others.filter(isSet);
    if (!isSet(first) && idle.length > 0) return `${idle.join(', ')} set, but ${first} is not`;
  }
  const wanted = (['API_KEYS_FILE', 'JWT_JWKS_URL', 'ACTOR_HEADER'] as const).filter(isSet);
  if (given.ALLOW_ANONYMOUS && wanted.length > 0)
    return (
      `ALLOW_ANONYMOUS is true, and ${wanted.join(', ')} set: drop ALLOW_ANONYMOUS to ask for credentials, or the others ` +
      'to ask for none'
    );
  return undefined;
}

function isFreeHeader(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,63}$/.test(name) && !TAKEN.has(name) && !TAKEN_FAMILY.test(name);
}

/** Some of the names, with commas between them. */
function listOf<Name extends string>(names: readonly Name[]) {
  return optionalText.transform((text, context): readonly Name[] | undefined => {
    if (text === undefined) return undefined;
    const parts = text.split(',').map((part) => part.trim());
    const found = names.filter((name) => parts.includes(name));
    if (found.length === new Set(parts).size) return found;
    const message = `must be one or several of ${names.join(', ')}, with commas between them`;
    context.addIssue({ code: 'custom', message });
    return undefined;
  });
}

/** Keys that came unprotected could be anybody's. */
function toKeysUrl(
  text: string | undefined,
  context: z.core.$RefinementCtx<string | undefined>,
): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isProtected =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname));
  if (url !== undefined && isProtected && url.username === '' && url.password === '') return url;
  const message = 'must be an https:// URL without user and password; http:// is for the loopback alone';
  context.addIssue({ code: 'custom', message });
  return undefined;
}
