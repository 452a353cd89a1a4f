import type { SimulatedTime } from './simulated-time.js';

/** What ends with a process: after the kill no call of it is answered any more, and none reaches the world. */
export interface Lifeline {
  alive(): boolean;
  /** Aborts at the kill: whoever still holds something for the process lets go. */
  signal: AbortSignal;
  kill(): void;
  /** As SIGSTOP does, and SIGCONT later: until then nothing of the process goes on, while its clocks do. */
  stopFor(ms: number): void;
  /** Resolves at once, unless the process is stopped. */
  going(): Promise<void>;
  /** Does the work and answers it, unless the process is dead before or by then: then there is never an answer. */
  through<T>(work: () => Promise<T>): Promise<T>;
  /** What a dead process gets for an answer. */
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
