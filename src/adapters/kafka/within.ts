import { abortWith } from '../../waiting/abort-with.js';
import type { Clock } from '../../ports/clock.js';

/**
 * As `work` settles, or rejects after `ms`, or with the reason of `ending` when that aborts; `work` then goes on, and
 * what comes of it is nobody's concern.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  what: string,
  work: Promise<T>,
  ending?: AbortSignal,
): Promise<T> {
  const settled = abortWith(...(ending === undefined ? [] : [ending]));
  const late = clock.sleep(ms, settled.signal).then(() => {
    ending?.throwIfAborted();
    throw new Error(`${what} did not end within ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort();
    // One of the two has lost the race, and may reject yet.
    work.catch(() => undefined);
    late.catch(() => undefined);
  }
}
