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

export class AccessError extends Error {
  override readonly name = 'AccessError';
  constructor(
    readonly code: AccessErrorCode,
    message: string,
  ) {
    super(message);
  }
}
