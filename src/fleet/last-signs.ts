import { fromTimestamp } from '../events/timestamp.js';
import type { SignRecord } from './sign-record.js';

/**
 * The newest time in the signs of life that somebody went by, epoch milliseconds; undefined when there is none. What
 * an instance showed that did not know the time may have been this very machine's wrong clock.
 */
export function lastTimeOf(history: readonly SignRecord[]): number | undefined {
  const last = history.findLast(({ type, agreed_at }) => type === 'ClockTrusted' || agreed_at !== null);
  return last && fromTimestamp(last.agreed_at ?? last.wall_at);
}

/** The last sign of each instance that has not signed off: it may live. */
export function mayLive(history: readonly SignRecord[]): Map<string, SignRecord> {
  const last = new Map<string, SignRecord>();
  for (const sign of history) {
    if (sign.type === 'InstanceSeen') last.set(sign.instance, sign);
    if (sign.type === 'InstanceLeft') last.delete(sign.instance);
  }
  return last;
}
