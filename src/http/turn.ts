import type { Clock } from '../ports/clock.js';

export interface Turn {
  /** Counts what is taken in. @returns whether this turn of the event loop has had enough */
  isOver(): boolean;
}

/**
 * Divides work among the turns of the event loop, so that timers and other work of the process come in between.
 * @param onNext called in the next turn after one that had enough
 */
export function createTurn(
  clock: Clock,
  { requestsATurn, turnMs }: { requestsATurn: number; turnMs: number },
  onNext: () => void,
): Turn {
  let begunAt: number | undefined;
  let taken = 0;
  return {
    isOver() {
      if (begunAt === undefined) {
        begunAt = clock.monotonic();
        taken = 0;
        void clock.yield().then(() => {
          begunAt = undefined;
          onNext();
        });
      }
      return ++taken > requestsATurn || clock.monotonic() - begunAt > turnMs;
    },
  };
}
