/** Pauses that double with each failure in a row, for each of several things. */
export interface BackOff<K> {
  /** How long to pause now, in ms. */
  failed(key: K): number;
  succeeded(key: K): void;
}

export function createBackOff<K>([first, longest]: readonly [first: number, longest: number]): BackOff<K> {
  const next = new Map<K, number>();
  return {
    failed(key) {
      const pause = next.get(key) ?? first;
      next.set(key, Math.min(2 * pause, longest));
      return pause;
    },
    succeeded: (key) => void next.delete(key),
  };
}
