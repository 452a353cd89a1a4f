import type { Clock } from '../ports/clock.js';

/**
 * What becomes of `work` if it settles within `ms` milliseconds; undefined when it takes longer. It goes on then, and
 * what comes of it later is nobody's concern here, also when it fails.
 */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  const settled = new AbortController();
  // One that loses the race may reject yet.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, clock.sleep(ms, settled.signal).then(() => undefined)]);
  } finally {
    settled.abort();
  }
}
