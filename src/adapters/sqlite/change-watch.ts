import type { Clock } from '../../ports/clock.js';
import { createNews } from '../../waiting/news.js';

/** Wakes waiters when the file changes, whichever process changed it. */
export interface ChangeWatch {
  /** Grows with each change seen: read it before reading the data, then no change is missed. */
  generation(): number;
  /** This process has written, or closes the file. */
  notify(): void;
  /** The connection was replaced; the new one has its own counter. */
  reconnected(): void;
  /** Resolves when the generation is not `seen` any more, or `signal` aborts. */
  changedSince(seen: number, signal: AbortSignal): Promise<void>;
}

/** Writes of another process are seen within this time, plus a turn of the event loop. */
const POLL_MS = 20;

/**
 * @param dataVersion SQLite's counter of commits by other connections, polled only while there are waiters; undefined
 * when there are no other writers. Its values are comparable within one connection only.
 */
export function createChangeWatch(clock: Clock, dataVersion: (() => number) | undefined): ChangeWatch {
  const news = createNews();
  let waiting = 0;
  let generation = 0;
  let polling = false;
  /** Kept between polls, so that the first poll also sees writes made while there were no waiters. */
  let last = dataVersion?.();

  function notify(): void {
    generation++;
    news.tell();
  }

  async function poll(read: () => number): Promise<void> {
    polling = true;
    try {
      while (waiting > 0) {
        await clock.sleep(POLL_MS);
        const current = read();
        if (current !== last) notify();
        last = current;
      }
    } catch {
      // The connection is gone: waiters get the error, translated, when they next read.
      notify();
    } finally {
      polling = false;
    }
  }

  return {
    generation: () => generation,
    notify,
    reconnected() {
      last = undefined;
      notify();
    },
    async changedSince(seen, signal) {
      if (generation !== seen || signal.aborted) return;
      waiting++;
      if (!polling && dataVersion !== undefined) void poll(dataVersion);
      await news.next(signal).finally(() => waiting--);
    },
  };
}
