import type { Clock } from '../../src/ports/clock.js';

/** A clock that moves only on demand. It wakes sleepers in order, and lets each one's effects run before the next. */
export interface VirtualClock extends Clock {
  /** Moves both clocks on by `ms`, waking sleepers as they come due. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock on to an instant (RFC 3339), and the monotonic one with it. */
  advanceTo(instant: string): Promise<void>;
  /** The wall clock steps, in either direction; the monotonic one and the sleepers do not notice. */
  step(ms: number): void;
  /** The machine is suspended for `ms`: only the wall clock and that since boot go on. */
  suspend(ms: number): void;
  /** Time passes while nobody sleeps: for a service that is down. */
  skipTo(instant: string): void;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

const TURNS_TO_SETTLE = 12;

export function createVirtualClock(start: string): VirtualClock {
  let wall = Date.parse(start);
  let monotonic = 0;
  let suspended = 0;
  const sleepers = new Set<Sleeper>();

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  async function settle(): Promise<void> {
    for (let turns = 0; turns < TURNS_TO_SETTLE; turns++) await turn();
  }

  function pass(ms: number): void {
    wall += ms;
    monotonic += ms;
  }

  async function advance(ms: number): Promise<void> {
    const target = monotonic + ms;
    for (;;) {
      await settle();
      let first: Sleeper | undefined;
      for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper;
      if (first === undefined || first.at > target) break;
      pass(Math.max(0, first.at - monotonic));
      first.wake();
    }
    pass(target - monotonic);
    await settle();
  }

  return {
    now: () => wall,
    monotonic: () => monotonic,
    sinceBoot: () => monotonic + suspended,
    sleep(ms, signal) {
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: monotonic + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    yield: turn,
    advance,
    advanceTo: (instant) => advance(Date.parse(instant) - wall),
    step(ms) {
      wall += ms;
    },
    suspend(ms) {
      wall += ms;
      suspended += ms;
    },
    skipTo(instant) {
      pass(Date.parse(instant) - wall);
    },
  };
}
