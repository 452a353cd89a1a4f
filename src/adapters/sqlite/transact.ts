import type { Database } from './driver.js';
import type { Clock } from '../../ports/clock.js';
import type { Ids } from '../../ports/ids.js';
import { StoreError } from '../../ports/store-error.js';
import { turnWithTime } from '../../waiting/turn-with-time.js';
import type { FileWatch } from './file-watch.js';
import { isBusy, toStoreError } from './sqlite-error.js';

export interface Waiting {
  clock: Clock;
  ids: Ids;
  path: string;
  /** Called once when the file is taken away, or cut short, while it is open: what is written then would be lost. */
  onLost?: (error: StoreError) => void;
}

const GIVE_UP_AFTER_MS = 10_000;
const LONGEST_PAUSE_MS = 10;

/**
 * Runs `work` in one write transaction. While another process writes, this waits outside of SQLite, with jitter:
 * SQLite's busy handler would block the whole process, and starves when two are busy.
 * @param file what is written must be in it; omitted where it may be lost
 * @throws StoreError; `work` is then rolled back, unless the commit itself failed: read to find out
 */
export async function transact<T>(
  open: Database | (() => Database),
  waiting: Waiting,
  work: () => T,
  file?: FileWatch,
): Promise<T> {
  return whenFree(waiting, () => {
    file?.assertThere();
    const db = typeof open === 'function' ? open() : open;
    // No await from here on: other callers in this process use the same connection.
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      file?.assertThere();
      return result;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  });
}

/**
 * Runs `action`, which is synchronous, in a turn of the event loop that has time for it; retries while another process
 * holds the lock. Readers wait for a writer only in rare moments of SQLite's own housekeeping.
 */
export async function whenFree<T>({ clock, ids, path }: Waiting, action: () => T): Promise<T> {
  const giveUpAt = clock.monotonic() + GIVE_UP_AFTER_MS;
  for (;;) {
    await turnWithTime(clock);
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw toStoreError(error, path);
      if (clock.monotonic() > giveUpAt) {
        throw new StoreError(
          'store_unavailable',
          `${path}: locked by another process for ${GIVE_UP_AFTER_MS} ms`,
        );
      }
      await clock.sleep(1 + LONGEST_PAUSE_MS * ids.random());
    }
  }
}
