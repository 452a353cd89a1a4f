import { setMaxListeners } from 'node:events';
import FlatQueue from 'flatqueue';

/** The single clock of a simulated world. It advances only when everything waits, so years take seconds. */
export interface SimulatedTime {
  /** True time, epoch milliseconds; never decreases. */
  now: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Lets the others run first, in an order that the seed decides. */
  yield: () => Promise<void>;
  /** Runs everything due up to `instant`. */
  runUntil(instant: number): Promise<void>;
  /** Keeps the world going, without time passing, until some work on it is done. */
  during<T>(work: Promise<T>): Promise<T>;
}

interface Sleeper {
  at: number;
  wake: () => void;
  woken: boolean;
}

/** @param random uniform in [0, 1): the order of what is due at the same millisecond */
export function createSimulatedTime(start: number, random: () => number): SimulatedTime {
  const sleepers = new FlatQueue<Sleeper>();
  let now = start;

  /** Everything that can go on without time passing is a microtask: one turn of the event loop drains them all. */
  const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        // Whole milliseconds: what is due at the same one is shuffled, but never with what is due later.
        at: Math.ceil(now + ms),
        woken: false,
        wake: () => {
          sleeper.woken = true;
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      sleepers.push(sleeper, sleeper.at + random() / 2);
      if (signal === undefined) return;
      // Many wait at once, and each takes its listener off: no leak that Node should warn of.
      setMaxListeners(Infinity, signal);
      signal.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  async function runUntil(instant: number): Promise<void> {
    for (;;) {
      await drain();
      const next = sleepers.peek();
      if (next === undefined || next.at > instant) break;
      sleepers.pop();
      if (next.woken) continue;
      now = Math.max(now, next.at);
      next.wake();
    }
    now = Math.max(now, instant);
  }

  return {
    now: () => now,
    sleep: (ms, signal) => (ms <= 0 || signal?.aborted === true ? Promise.resolve() : wait(ms, signal)),
    yield: () => wait(0),
    runUntil,
    async during(work) {
      const done = new AbortController();
      const ended = work.finally(() => {
        done.abort();
      });
      while (!done.signal.aborted) await runUntil(now);
      return ended;
    },
  };
}
