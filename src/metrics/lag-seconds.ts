import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import { inTime } from '../waiting/in-time.js';
import { StoreError } from '../ports/store-error.js';

const ANSWER_WITHIN_MS = 1_000;

/** Something that follows the log. */
export interface Follower {
  position(): Position;
  /** When it was last caught up, monotonic milliseconds; undefined while this instance does not run it. */
  caughtUpAt: () => number | undefined;
}

/**
 * How long each follower has been behind the head of the log; 0 when caught up. A log that does not answer counts as
 * growing.
 */
export async function lagSeconds(
  followers: Readonly<Record<string, Follower>>,
  { clock, log }: { clock: Clock; log: Pick<EventLog, 'head'> },
): Promise<Record<string, number>> {
  const lags: Record<string, number> = {};
  const own = Object.entries(followers).filter(([, { caughtUpAt }]) => caughtUpAt() !== undefined);
  if (own.length === 0) return lags;
  const head = await headInTime(log, clock);
  for (const [name, follower] of own) {
    const caughtUpAt = follower.caughtUpAt() ?? clock.monotonic();
    const isThere = head !== undefined && follower.position() >= head;
    lags[name] = isThere ? 0 : (clock.monotonic() - caughtUpAt) / 1_000;
  }
  return lags;
}

/** Metrics are wanted most when something hangs. */
async function headInTime(log: Pick<EventLog, 'head'>, clock: Clock): Promise<Position | undefined> {
  try {
    return await inTime(clock, ANSWER_WITHIN_MS, log.head());
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
