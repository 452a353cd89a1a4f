import type { Clock } from '../ports/clock.js';
import { turnForNew } from '../waiting/turn-with-time.js';
import type { Turns } from '../waiting/turns.js';

/** Of one request at once: those that are ready together share a call to the log. */
const AT_ONCE = 20;
/** A page that takes longer ends before its end: its client waits for what was done, and a gateway between cuts it off. */
const MOST_MS = 10_000;

export interface ActOptions<R> {
  /** Does it to some jobs, and tells of each. It must not reject. */
  act: (cronIds: readonly string[]) => Promise<R[]>;
  /** So many of the first ones are acted on however long it takes. */
  atLeast: number;
  /** Whether none of those that follow may be tried after this result. */
  endsAfter: (result: R) => boolean;
  /** Of all such requests of this instance. */
  turns: Turns;
  clock: Clock;
  /** Aborts when the client has hung up. */
  gone: AbortSignal;
}

/**
 * Acts on jobs in their order, some at once; other requests, and others like this one, come in between.
 * @returns the results of the first jobs, of at least one and mostly of all
 * @throws the reason of `gone`; nothing is begun after it
 */
export async function actOnJobs<R>(
  cronIds: readonly string[],
  { act, atLeast, endsAfter, turns, clock, gone }: ActOptions<R>,
): Promise<R[]> {
  const results: R[] = [];
  const end = clock.monotonic() + MOST_MS;
  while (results.length < cronIds.length) {
    const release = await turns.take();
    try {
      await turnForNew(clock);
      gone.throwIfAborted();
      if (results.length >= Math.max(1, atLeast) && clock.monotonic() >= end) break;
      const batch = cronIds.slice(results.length, results.length + AT_ONCE);
      const done = await act(batch);
      results.push(...done);
      if (done.some(endsAfter)) break;
    } finally {
      release();
    }
  }
  return results;
}
