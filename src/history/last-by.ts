import { toldTimeOf } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { RecordedEvent } from '../ports/event-log.js';

/** Read at a stretch where an event does not tell its time. */
const PAGE = 100;

/**
 * The version of the last event of a part of a stream that had happened by `instant` (epoch milliseconds); 0 when none
 * had. The times of the part must not decrease; events of types that this version does not know have none, and are
 * passed over. Reads about as many events as the part's length has binary digits.
 * @param backwards up to `limit` events of the stream from a version back
 */
export async function lastBy(
  instant: number,
  { first, last }: { first: number; last: number },
  backwards: (from: number, limit: number) => Promise<readonly RecordedEvent[]>,
): Promise<number> {
  /** The last event with a time from `low` to `high`; undefined when there is none. */
  async function lastTimed(low: number, high: number): Promise<{ version: number; at: number } | undefined> {
    let limit = 1;
    for (let from = high; from >= low; from -= limit, limit = PAGE) {
      limit = Math.min(limit, from + 1 - low);
      for (const recorded of await backwards(from, limit)) {
        const at = toldTimeOf(recorded);
        if (at !== undefined) return { version: recorded.version, at: fromTimestamp(at) };
      }
    }
    return undefined;
  }

  let found = 0;
  let [low, high] = [first, last];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const timed = await lastTimed(low, middle);
    if (timed === undefined || timed.at <= instant) {
      found = timed?.version ?? found;
      low = middle + 1;
    } else high = timed.version - 1;
  }
  return found;
}
