/** What ends with a process: after the kill no call of it is answered any more, and none reaches the world. */
export interface Lifeline {
  alive(): boolean;
  /** Aborts at the kill: whoever still holds something for the process lets go. */
  signal: AbortSignal;
  kill(): void;
  /** Does the work and answers it, unless the process is dead before or by then: then there is never an answer. */
  through<T>(work: () => Promise<T>): Promise<T>;
  /** What a dead process gets for an answer. */
  never<T>(): Promise<T>;
}

export function createLifeline(): Lifeline {
  const killed = new AbortController();
  const alive = (): boolean => !killed.signal.aborted;
  // A new one each time: a shared one would keep everything that ever waited for it.
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
  return {
    alive,
    signal: killed.signal,
    kill: () => {
      killed.abort();
    },
    never,
    async through(work) {
      if (!alive()) return never();
      try {
        const answer = await work();
        return alive() ? answer : await never();
      } catch (error) {
        if (!alive()) return never();
        throw error;
      }
    },
  };
}
