import { createHash, timingSafeEqual } from 'node:crypto';
import type { Scope } from './principal.js';

/** An API key as the service keeps it: without its text. */
export interface ApiKey {
  name: string;
  /** SHA-256 of the text. */
  hash: Buffer;
  scopes: readonly Scope[];
  /** Epoch milliseconds from which on it is not valid; null: never. */
  expiresAt: number | null;
}

/** Scanners for secrets find keys by it. */
export const KEY_PREFIX = 'cck_';
export const KEY_BYTES = 32;

const SHAPE = /^cck_[A-Za-z0-9_-]{43}$/;

/** @param random of `KEY_BYTES` bytes: they are the whole strength of the key */
export function keyText(random: Buffer): string {
  return KEY_PREFIX + random.toString('base64url');
}

/** A key has 256 random bits, so nobody guesses one, however fast the hash is. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** @returns the key whose text this is. The time it takes says nothing about the keys. */
export function findKey(keys: readonly ApiKey[], text: string): ApiKey | undefined {
  if (!SHAPE.test(text)) return undefined;
  const hash = hashOf(text);
  let found: ApiKey | undefined;
  // All of them, or the time would tell how far down the right one is.
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}
