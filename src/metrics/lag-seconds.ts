import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import { StoreError } from '../ports/store-error.js';

/** Something that follows the log. */
export interface Follower {
  position(): Position;
  /** When it was last at the end, monotonic milliseconds; undefined while it is not this instance's to follow. */
  caughtUpAt(): number | undefined;
}

/**
 * For how long each follower has not been at the end of the log; 0 when it is there. A log that does not answer counts
 * as one that goes on.
 */
export async function lagSeconds(
  followers: Readonly<Record<string, Follower>>,
  { clock, log }: { clock: Clock; log: Pick<EventLog, 'head'> },
): Promise<Record<string, number>> {
  const head = await headOf(log);
  const lags: Record<string, number> = {};
  for (const [name, follower] of Object.entries(followers)) {
    const caughtUpAt = follower.caughtUpAt();
    if (caughtUpAt === undefined) continue;
    const isThere = head !== undefined && follower.position() >= head;
    lags[name] = isThere ? 0 : (clock.monotonic() - caughtUpAt) / 1_000;
  }
  return lags;
}

async function headOf(log: Pick<EventLog, 'head'>): Promise<Position | undefined> {
  try {
    return await log.head();
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
