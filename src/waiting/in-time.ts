import type { Clock } from '../ports/clock.js';
import { abortWith } from './abort-with.js';

/**
 * What becomes of `work` if it settles within `ms` milliseconds; undefined when it takes longer. It goes on then, and
 * what comes of it later is nobody's concern here, also when it fails.
 */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return (await settled(clock, ms, work))?.value;
}

/** How long, and for what: for the error. */
export interface Limit {
  ms: number;
  what: string;
  /** Ends the waiting before, with its reason. */
  ending?: AbortSignal | undefined;
}

/** The same, but rejects when it takes longer. */
export async function within<T>(clock: Clock, { ms, what, ending }: Limit, work: Promise<T>): Promise<T> {
  const outcome = await settled(clock, ms, work, ending);
  if (outcome !== undefined) return outcome.value;
  ending?.throwIfAborted();
  throw new Error(`${what} did not end within ${ms} ms`);
}

async function settled<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  ending?: AbortSignal,
): Promise<{ value: T } | undefined> {
  const over = abortWith(...(ending === undefined ? [] : [ending]));
  const value = work.then((value) => ({ value }));
  // One that loses the race may reject yet.
  value.catch(() => undefined);
  try {
    return await Promise.race([value, clock.sleep(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}
