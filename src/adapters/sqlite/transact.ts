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

export interface TransactOptions {
  /** What is written must be in it; omitted where it may be lost. */
  file?: FileWatch;
  /** Waits for no turn of the event loop: the caller has no more than one of them in a turn. */
  isUrgent?: boolean;
}

/**
 * Runs `work` in one write transaction. While another process writes, this waits outside of SQLite, with jitter:
 * SQLite's busy handler would block the whole process, and starves when two are busy.
 * @param database the connection to use, which may have been replaced while this waited
 * @throws StoreError; `work` is then rolled back, unless the commit itself failed: read to find out
 */
export async function transact<T>(
  database: () => Database,
  waiting: Waiting,
  work: () => T,
  { file, isUrgent = false }: TransactOptions = {},
): Promise<T> {
  const inTransaction = (): T => {
    file?.assertThere();
    const db = database();
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
  };
  return isUrgent ? untilFree(waiting, inTransaction) : whenFree(waiting, inTransaction);
}

/**
 * Runs `action`, which is synchronous, in a turn of the event loop that has time for it; retries while another process
 * holds the lock. Readers wait for a writer only in rare moments of SQLite's own housekeeping.
 */
export async function whenFree<T>(waiting: Waiting, action: () => T): Promise<T> {
  await turnWithTime(waiting.clock);
  return untilFree(waiting, action);
}

async function untilFree<T>({ clock, ids, path }: Waiting, action: () => T): Promise<T> {
  const giveUpAt = clock.monotonic() + GIVE_UP_AFTER_MS;
  for (;;) {
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
