import type { SimulatedTime } from './simulated-time.js';

/** Ties a process to the world: after the kill none of its calls reaches the world or is answered. */
export interface Lifeline {
  alive(): boolean;
  /** Aborts at the kill: holders release what they hold for the process. */
  signal: AbortSignal;
  kill(): void;
  /** Like SIGSTOP, then SIGCONT after `ms`: meanwhile the process makes no progress, but its clocks do. */
  stopFor(ms: number): void;
  /** Resolves at once, unless the process is stopped. */
  going(): Promise<void>;
  /** Does the work and returns its result, unless the process is dead before or by then: then it never settles. */
  through<T>(work: () => Promise<T>): Promise<T>;
  /** The answer to a dead process: never settles. */
  never<T>(): Promise<T>;
}

export function createLifeline(time: Pick<SimulatedTime, 'now' | 'sleep'>): Lifeline {
  let stoppedUntil = -Infinity;
  const killed = new AbortController();
  const alive = (): boolean => !killed.signal.aborted;
  // A new one each time: a shared one would keep everything that ever waited for it.
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

  async function going(): Promise<void> {
    while (stoppedUntil > time.now()) await time.sleep(stoppedUntil - time.now());
  }

  return {
    alive,
    signal: killed.signal,
    kill: () => {
      killed.abort();
    },
    stopFor(ms) {
      stoppedUntil = Math.max(stoppedUntil, time.now() + ms);
    },
    going,
    never,
    async through(work) {
      await going();
      if (!alive()) return never();
      try {
        const answer = await work();
        await going();
        return alive() ? answer : await never();
      } catch (error) {
        await going();
        if (!alive()) return never();
        throw error;
      }
    },
  };
}
