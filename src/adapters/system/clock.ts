import { uptime } from 'node:os';
import type { Clock } from '../../ports/clock.js';

/** setTimeout fires at once when the delay does not fit into 31 bits, so a long sleep is made of several. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // On Linux, /proc/uptime or CLOCK_BOOTTIME (libuv, uv_uptime).
  sinceBoot: () => uptime() * 1000,
  async sleep(ms, signal) {
    const until = performance.now() + ms;
    for (let left = ms; left > 0 && !signal?.aborted; left = until - performance.now()) {
      await pause(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, Math.ceil(ms));
    signal?.addEventListener('abort', end, { once: true });

    function end(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    }
  });
}
