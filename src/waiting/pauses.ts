/** How long to pause before trying again: twice as long after each failure in a row, up to a longest pause. */
export interface Pauses {
  /** Something has failed. @returns the pause before the next attempt, milliseconds */
  next(): number;
  /** Something has worked: the next pause is the first one again. */
  reset(): void;
}

export interface PauseRange {
  firstMs: number;
  longestMs: number;
}

export function createPauses({ firstMs, longestMs }: PauseRange): Pauses {
  let failures = 0;
  return {
    next: () => Math.min(firstMs * 2 ** failures++, longestMs),
    reset() {
      failures = 0;
    },
  };
}

/** Of several things, each with pauses of its own. */
export function createPausesByKey(range: PauseRange): (key: unknown) => Pauses {
  const byKey = new Map<unknown, Pauses>();
  return (key) => {
    const pauses = byKey.get(key) ?? createPauses(range);
    byKey.set(key, pauses);
    return pauses;
  };
}
