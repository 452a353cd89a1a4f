import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import { AccessError } from '../../access/credentials.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { inTime } from '../../waiting/in-time.js';

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
/** A request that waits holds a connection, and anybody can send a token that nobody has signed. */
const MOST_WAITING = 20;
/** Without any key there is nothing else to do. */
const WAIT_FOR_FIRST_MS = 3_000;
/** With known keys only a token by a new one has to wait. */
const WAIT_FOR_NEWER_MS = 300;

/**
 * The keys of an issuer. However many ask at once, there is one question to it at a time. jose's own remote set would do most
 * of this, but goes by the wall clock, asks again at once after a failure, and takes an answer of any size.
 * @returns the key of a token. It throws AccessError credentials_unavailable when the issuer has to be asked and does not
 * answer in time, and at once when 20 requests wait for that answer
 */
export function createIssuerKeys({ clock, logger, fetchKeySet }: IssuerKeysOptions): JWTVerifyGetKey {
  let known: { keyFor: JWTVerifyGetKey; at: number } | undefined;
  let asking: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = -Infinity;
  let waiting = 0;

  const age = (): number => (known === undefined ? Infinity : clock.monotonic() - known.at);

  function ask(): Promise<JWTVerifyGetKey> {
    if (asking === undefined && clock.monotonic() - failedAt < PAUSE_MS) return Promise.reject(unavailable());
    asking ??= askNow().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function waitFor(ms: number): Promise<JWTVerifyGetKey> {
    if (waiting >= MOST_WAITING) throw unavailable();
    waiting++;
    try {
      const keyFor = await inTime(clock, ms, ask());
      if (keyFor === undefined) throw unavailable();
      return keyFor;
    } finally {
      waiting--;
    }
  }

  async function askNow(): Promise<JWTVerifyGetKey> {
    try {
      const set = await fetchKeySet();
      // It is a fault of the issuer, and must not put good keys out of force.
      if (!set.keys.some(isUsable))
        throw new Error('the answer has no key by which a signature can be checked');
      const keyFor = createLocalJWKSet(set);
      known = { keyFor, at: clock.monotonic() };
      return keyFor;
    } catch (error) {
      failedAt = clock.monotonic();
      logger.warn({ err: error }, 'the keys of the token issuer cannot be fetched');
      throw unavailable();
    }
  }

  async function current(): Promise<JWTVerifyGetKey> {
    if (known === undefined || age() > USABLE_MS) return waitFor(WAIT_FOR_FIRST_MS);
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
      const newer = await waitFor(WAIT_FOR_NEWER_MS);
      return newer(header, token);
    }
  };
}

function isUsable(key: JWK): boolean {
  const isForSignatures = key.d === undefined && (key.use === undefined || key.use === 'sig');
  try {
    // It throws for secrets, too.
    return isForSignatures && createPublicKey({ key, format: 'jwk' }).type === 'public';
  } catch {
    return false;
  }
}

function unavailable(): AccessError {
  return new AccessError(
    'credentials_unavailable',
    'the issuer of tokens cannot be asked for its keys at the moment; nothing was done, try again',
    'issuer_unavailable',
  );
}
