import type { Store } from 'express-rate-limit';
import type { Clock } from '../ports/clock.js';

export interface RequestCounts extends Store {
  /** Until all begin anew, whole seconds, rounded up. */
  secondsLeft(): number;
}

/** Of about 100 bytes each. */
const MOST_CLIENTS = 10_000;
/** The clients beyond them share one number: whoever comes from very many addresses gets no more by that. */
const OTHERS = 'others';

/**
 * How many requests clients have sent in the present window of time, which is the same for all of them. It has no timer,
 * so nothing of it keeps the process from ending, and at most `MOST_CLIENTS` numbers.
 */
export function createRequestCounts(clock: Pick<Clock, 'monotonic'>, windowMs: number): RequestCounts {
  const counts = new Map<string, number>();
  let endsAt = -Infinity;

  function keyOf(client: string): string {
    return counts.has(client) || counts.size < MOST_CLIENTS ? client : OTHERS;
  }

  return {
    localKeys: true,
    increment(client) {
      const now = clock.monotonic();
      if (now >= endsAt) {
        counts.clear();
        endsAt = now + windowMs;
      }
      const key = keyOf(client);
      const totalHits = (counts.get(key) ?? 0) + 1;
      counts.set(key, totalHits);
      return { totalHits, resetTime: undefined };
    },
    decrement(client) {
      const key = keyOf(client);
      counts.set(key, Math.max(0, (counts.get(key) ?? 0) - 1));
    },
    resetKey(client) {
      counts.delete(client);
    },
    secondsLeft: () => Math.max(1, Math.ceil((endsAt - clock.monotonic()) / 1000)),
  };
}
