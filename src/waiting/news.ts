/** Wakes those who wait for a change. */
export interface News {
  /** Something has changed. */
  tell: () => void;
  /** Resolves at the next `tell`, or when `signal` aborts. */
  next: (signal: AbortSignal) => Promise<void>;
}

export function createNews(): News {
  const waiting = new Set<() => void>();
  return {
    tell() {
      // Those who begin to wait meanwhile wait for the next one.
      for (const wake of [...waiting]) wake();
    },
    next(signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    },
  };
}
