import { hashOf } from '../access/api-keys.js';

/** A new API key: its text, and the hash by which the service knows it. */
export async function newKey(): Promise<{ text: string; hash: string }> {
  const { randomKey } = await import('../adapters/system/random-key.js');
  const text = randomKey();
  return { text, hash: `sha256:${hashOf(text).toString('hex')}` };
}
