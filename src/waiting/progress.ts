import { START, type Position } from '../ports/event-log.js';

/** The position of a follower of the log. */
export interface Progress {
  position: () => Position;
  moveTo(position: Position): void;
  /** Resolves when everything up to `target` is done, or `signal` aborts. */
  whenAt: (target: Position, signal: AbortSignal) => Promise<void>;
}

export function createProgress(): Progress {
  const waiting = new Set<() => void>();
  let position: Position = START;
  return {
    position: () => position,
    moveTo(to) {
      position = to;
      for (const look of waiting) look();
    },
    whenAt(target, signal) {
      if (position >= target || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const look = (): void => {
          if (position < target && !signal.aborted) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        };
        waiting.add(look);
        signal.addEventListener('abort', look);
      });
    },
  };
}
