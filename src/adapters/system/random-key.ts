import { randomBytes } from 'node:crypto';
import { KEY_BYTES, keyText } from '../../access/api-keys.js';

/** A new API key, from the randomness of the system. */
export function randomKey(): string {
  return keyText(randomBytes(KEY_BYTES));
}
