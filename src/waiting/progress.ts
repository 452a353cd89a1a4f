import { START, type Position } from '../ports/event-log.js';
import { isAborted } from './is-aborted.js';
import { createNews } from './news.js';

/** The position of a follower of the log. */
export interface Progress {
  position: () => Position;
  moveTo(position: Position): void;
  /** Resolves when everything up to `target` is done, or `signal` aborts. */
  whenAt: (target: Position, signal: AbortSignal) => Promise<void>;
}

export function createProgress(): Progress {
  const news = createNews();
  let position: Position = START;
  return {
    position: () => position,
    moveTo(to) {
      position = to;
      news.tell();
    },
    async whenAt(target, signal) {
      while (position < target && !isAborted(signal)) await news.next(signal);
    },
  };
}
