import { hashOf } from '../access/api-keys.js';

/** A new API key. */
export interface NewKey {
  text: string;
  /** By which the service knows it. */
  hash: string;
  /** Epoch milliseconds. */
  madeAt: number;
}

export async function newKey(): Promise<NewKey> {
  const { randomKey } = await import('../adapters/system/random-key.js');
  const { systemClock } = await import('../adapters/system/clock.js');
  const text = randomKey();
  return { text, hash: `sha256:${hashOf(text).toString('hex')}`, madeAt: systemClock.now() };
}
