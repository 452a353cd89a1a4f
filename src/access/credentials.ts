import type { Principal } from './principal.js';

/** What a request shows of who sends it. */
export interface Presented {
  /** The header Authorization. */
  authorization: string | undefined;
  /** The header X-API-Key. */
  apiKey: string | undefined;
  /** The header that ACTOR_HEADER names. */
  actor: string | undefined;
  /** Of the other end of the connection. */
  remoteAddress: string | undefined;
}

/** The credentials that are configured. */
export interface Credentials {
  /** False when there are none: then everybody is anonymous. */
  areConfigured: boolean;
  /** The name of the header in which a proxy says who has sent a request, in small letters. */
  actorHeader?: string | undefined;
  /**
   * Who sends a request.
   * @throws AccessError unauthorized, credentials_unavailable
   */
  identify(presented: Presented): Promise<Principal>;
}

export type AccessErrorCode =
  /** It shows no credential, or one that is wrong, has expired or was withdrawn. */
  | 'unauthorized'
  /** Whoever has issued it cannot be asked for its keys now. */
  | 'credentials_unavailable';

/** What was wrong, for the metric: never anything of the credential itself. The last two are of senders that are known. */
export const REFUSALS = [
  'no_credential',
  'two_credentials',
  'unknown_key',
  'expired_key',
  'invalid_token',
  'actor_not_trusted',
  'invalid_actor',
  'issuer_unavailable',
  'forbidden',
  'rate_limited',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** Its message goes to the client: it repeats nothing of what the request has shown. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  constructor(
    readonly code: AccessErrorCode,
    message: string,
    readonly reason: Refusal = 'no_credential',
  ) {
    super(message);
  }
}

export function refused(reason: Refusal, message: string): AccessError {
  return new AccessError('unauthorized', message, reason);
}
