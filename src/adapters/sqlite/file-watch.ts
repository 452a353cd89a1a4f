import { statSync, type Stats } from 'node:fs';
import type { Clock } from '../../ports/clock.js';
import { StoreError } from '../../ports/store-error.js';
import type { Database } from './driver.js';

/**
 * Notices when the file is taken away from an open database. SQLite goes on writing into what it has open, so everything
 * would be acknowledged, and gone with the process. Files are asked about by name only: to open and close one would give
 * up all locks that this process holds on it.
 */
export interface FileWatch {
  /** About 20 microseconds. @throws StoreError store_damaged, from the moment that something is wrong */
  assertThere(): void;
  /** Another connection has been opened to the same file. */
  reconnected(db: Database): void;
  stop(): void;
}

export interface WatchOptions {
  path: string;
  clock: Clock;
  /** Called once, also while nothing is written; without it the file is only looked at when it is asserted. */
  onLost?: ((error: StoreError) => void) | undefined;
}

const LOOK_EVERY_MS = 1_000;
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

const ADVICE =
  'put it back with its -wal file if it was moved, otherwise restore a backup, then start again; ' +
  'read.db may be missing, it is made anew from the log';

/** @param db open, so that its write-ahead log is there, too */
export function watchFile({ path, clock, onLost }: WatchOptions, db: Database): FileWatch {
  const stopped = new AbortController();
  const known = new Map<string, Stats>();
  let connection = db;
  let lost: StoreError | undefined;

  function look(): void {
    if (path === ':memory:' || lost !== undefined || stopped.signal.aborted) return;
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      const what = faultOf(file);
      if (what === undefined) continue;
      lost = new StoreError('store_damaged', `${path}: ${what} while it was in use; ${ADVICE}`);
      onLost?.(lost);
      return;
    }
  }

  function faultOf(file: string): string | undefined {
    const before = known.get(file);
    const now = statSync(file, { throwIfNoEntry: false });
    if (now !== undefined) known.set(file, now);
    if (before === undefined) return undefined;
    if (now === undefined) return `${file} was removed`;
    if (now.ino !== before.ino || now.dev !== before.dev) return `${file} was replaced`;
    if (now.size < before.size && (file === path || isCut(now))) return `${file} was cut short`;
    return undefined;
  }

  /** A checkpoint may make the write-ahead log shorter, but not shorter than what is still in it. */
  function isCut({ size }: Stats): boolean {
    const [{ log = 0 } = {}] = connection.pragma('wal_checkpoint(NOOP)') as { log?: number }[];
    const pageSize = connection.pragma('page_size', { simple: true }) as number;
    return log > 0 && size < WAL_HEADER_BYTES + log * (FRAME_HEADER_BYTES + pageSize);
  }

  async function lookAgain(): Promise<void> {
    while (!stopped.signal.aborted && lost === undefined) {
      await clock.sleep(LOOK_EVERY_MS, stopped.signal);
      look();
    }
  }

  look();
  if (onLost !== undefined && path !== ':memory:') void lookAgain();
  return {
    assertThere() {
      look();
      if (lost !== undefined) throw lost;
    },
    reconnected(another) {
      connection = another;
    },
    stop() {
      stopped.abort();
    },
  };
}
