import type { Clock } from '../ports/clock.js';
import { NO_REASON } from './no-reason.js';

/** Interruptible sleep. */
export interface Alarm {
  /** Resolves after `ms` of monotonic time, or at the next `ring`. */
  sleep: (ms: number) => Promise<void>;
  /** Wakes everyone who sleeps. */
  ring: () => void;
}

export function createAlarm(clock: Clock): Alarm {
  let news = new AbortController();
  return {
    sleep: (ms) => clock.sleep(ms, news.signal),
    ring() {
      news.abort(NO_REASON);
      news = new AbortController();
    },
  };
}
