import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { AccessError } from '../../access/credentials.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';

export interface IssuerKeysOptions {
  clock: Clock;
  logger: Logger;
  /** Asks the issuer. */
  fetchKeySet: () => Promise<JSONWebKeySet>;
}

/** Then they are asked for again, while those that are known go on to be used. */
const FRESH_MS = 300_000;
/** Of an issuer that cannot be reached: then its keys are not believed any more. */
const USABLE_MS = 3_600_000;
/** A token with an unknown key makes nobody ask sooner than this after the last answer. */
const COOLDOWN_MS = 10_000;
/** After a failure nobody asks, and nobody waits. */
const PAUSE_MS = 2_000;

/**
 * The keys of an issuer. However many ask at once, there is one question to it at a time. jose's own remote set would do most
 * of this, but goes by the wall clock, asks again at once after a failure, and takes an answer of any size.
 * @returns the key of a token. It throws AccessError credentials_unavailable when the issuer has to be asked and cannot be
 */
export function createIssuerKeys({ clock, logger, fetchKeySet }: IssuerKeysOptions): JWTVerifyGetKey {
  let known: { keyFor: JWTVerifyGetKey; at: number } | undefined;
  let asking: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = -Infinity;

  const age = (): number => (known === undefined ? Infinity : clock.monotonic() - known.at);

  function ask(): Promise<JWTVerifyGetKey> {
    if (asking === undefined && clock.monotonic() - failedAt < PAUSE_MS) return Promise.reject(unavailable());
    asking ??= askNow().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function askNow(): Promise<JWTVerifyGetKey> {
    try {
      const keyFor = createLocalJWKSet(await fetchKeySet());
      known = { keyFor, at: clock.monotonic() };
      return keyFor;
    } catch (error) {
      failedAt = clock.monotonic();
      logger.warn({ err: error }, 'the keys of the token issuer cannot be fetched');
      throw unavailable();
    }
  }

  async function current(): Promise<JWTVerifyGetKey> {
    if (known === undefined || age() > USABLE_MS) return ask();
    // The log has said why it fails.
    if (age() > FRESH_MS) ask().catch(() => undefined);
    return known.keyFor;
  }

  return async (header, token) => {
    const keyFor = await current();
    try {
      return await keyFor(header, token);
    } catch (error) {
      // Perhaps the issuer has a new one.
      if (!(error instanceof errors.JWKSNoMatchingKey) || age() < COOLDOWN_MS) throw error;
      const newer = await ask();
      return newer(header, token);
    }
  };
}

function unavailable(): AccessError {
  return new AccessError(
    'credentials_unavailable',
    'the issuer of tokens cannot be asked for its keys at the moment; nothing was done, try again',
    'issuer_unavailable',
  );
}
