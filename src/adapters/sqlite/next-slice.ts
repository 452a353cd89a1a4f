import type { Outcome } from '../../ports/event-log.js';
import type { PreparedWrite } from './event-log-store.js';

/** A transaction blocks the process while it runs and is synced, here for 6 ms: longer calls are cut into slices. */
const EVENTS_PER_TRANSACTION = 100;
/** Of those, calls that wait beside each other take this many in turn: a small one never waits for all of a large one. */
const EVENTS_OF_A_CALL = 20;

/** A write, and who waits for its outcome. */
export interface Queued {
  write: PreparedWrite;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/** What one append has asked for. */
export interface Call {
  writes: readonly Queued[];
  /** How many of them have been taken. */
  done: number;
}

/**
 * Takes the next transaction's worth out of `calls`: of each in turn, and all there is room for of one that is alone. A
 * write is never divided: a larger one has a transaction of its own.
 */
export function nextSlice(calls: Call[]): Queued[] {
  const slice: Queued[] = [];
  let left = EVENTS_PER_TRANSACTION;
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
    const share = calls.length === 0 ? left : Math.min(left, EVENTS_OF_A_CALL);
    let own = 0;
    for (let next = call.writes[call.done]; next !== undefined; next = call.writes[call.done]) {
      const events = next.write.events.length;
      if (own > 0 && own + events > share) break;
      if (slice.length > 0 && events > left) {
        calls.unshift(call);
        return slice;
      }
      slice.push(next);
      call.done++;
      left -= events;
      own += events;
    }
    if (call.done < call.writes.length) calls.push(call);
  }
  return slice;
}
