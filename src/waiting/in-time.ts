import type { Clock } from '../ports/clock.js';
import { abortWith } from './abort-with.js';
import { NO_REASON } from './no-reason.js';

/**
 * The outcome of `work` if it settles within `ms` milliseconds; undefined when it takes longer. `work` then goes on,
 * and its later outcome is ignored, even a failure.
 */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return (await settled(clock, ms, work))?.value;
}

/** The timeout, and the name of the work for the error. */
export interface Limit {
  ms: number;
  what: string;
  /** Ends the wait early, with its reason. */
  ending?: AbortSignal | undefined;
}

/** Like `inTime`, but rejects on timeout. */
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
  // If it loses the race, it may still reject.
  value.catch(() => undefined);
  try {
    return await Promise.race([value, clock.sleep(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort(NO_REASON);
  }
}
