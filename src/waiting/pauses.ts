/** Exponential backoff: the pause doubles with each consecutive failure, up to a longest one. */
export interface Pauses {
  /** Records a failure. @returns the pause before the next attempt, milliseconds */
  next(): number;
  /** Records a success: the next pause is the first one again. */
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

/** Separate pauses for each key. */
export function createPausesByKey(range: PauseRange): (key: unknown) => Pauses {
  const byKey = new Map<unknown, Pauses>();
  return (key) => {
    const pauses = byKey.get(key) ?? createPauses(range);
    byKey.set(key, pauses);
    return pauses;
  };
}
