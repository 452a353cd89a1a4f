/** A fair semaphore: admits a fixed number at once, in the order of their calls. */
export interface Turns {
  /** Resolves when it is the caller's turn. @returns ends the turn */
  take(): Promise<() => void>;
}

export function createTurns(atOnce: number): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return end;
    },
  };
}
