import type { Clock } from '../ports/clock.js';

/** Stores something that changes often: at once after a quiet time, else the newest of it a moment later. */
export interface LazyStore {
  /** @throws why it could not be stored, if that was tried at once */
  store(): Promise<void>;
  /** @throws why it could not be stored a moment later */
  throwIfFailed: () => void;
  /** Leaves out what is not stored yet. */
  close: () => Promise<void>;
}

/**
 * Positions without events of the group are stored at most so often: each event of another group moves the position, and
 * would cost a write of the read store. Other processes that wait for a position read the stored one.
 */
const STORED_EVERY_MS = 100;

export function createLazyStore(clock: Clock, storeNow: () => Promise<void>): LazyStore {
  const closing = new AbortController();
  let storedAt = -Infinity;
  let isDue = false;
  let storing: Promise<void> | undefined;
  let failure: { error: unknown } | undefined;

  async function storeWhenDue(waitMs: number): Promise<void> {
    await clock.sleep(waitMs, closing.signal);
    // However slow the store is, one is in work and one waits: rows must not queue behind many.
    await storing;
    isDue = false;
    if (closing.signal.aborted || failure !== undefined) return;
    storedAt = clock.monotonic();
    storing = storeNow().catch((error: unknown) => {
      failure = { error };
    });
    await storing;
  }

  function throwIfFailed(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    async store() {
      if (isDue) return;
      const waitMs = storedAt + STORED_EVERY_MS - clock.monotonic();
      if (waitMs > 0) {
        isDue = true;
        void storeWhenDue(waitMs);
        return;
      }
      await storing;
      throwIfFailed();
      storedAt = clock.monotonic();
      await storeNow();
    },
    throwIfFailed,
    async close() {
      closing.abort();
      await storing;
    },
  };
}
