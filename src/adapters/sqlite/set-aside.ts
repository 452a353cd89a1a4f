import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { toTimestamp } from '../../events/timestamp.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { StoreError, type StoreErrorCode } from '../../ports/store-error.js';

/** A file that has one of these cannot be used, today or tomorrow. */
const UNUSABLE: readonly StoreErrorCode[] = ['store_damaged', 'store_foreign', 'store_newer'];
/** Beside the database itself, those that SQLite makes. */
const SUFFIXES = ['', '-wal', '-shm', '-journal'];
const KEPT = 3;

/**
 * Opens a file that can be made anew from the log: it must not decide whether the service starts. One that cannot be
 * used is renamed, for whoever wants to look at it, and `open` begins with none.
 * @throws StoreError when the place itself cannot be used
 */
export function openOrSetAside<T>(
  path: string,
  open: () => T,
  { clock, logger }: { clock: Clock; logger: Logger },
): T {
  if (existsSync(markOf(path))) {
    setAside(path, 'a page of it could not be read', { clock, logger });
    rmSync(markOf(path), { force: true });
  }
  try {
    return open();
  } catch (error) {
    if (!(error instanceof StoreError) || !UNUSABLE.includes(error.code)) throw error;
    setAside(path, error.message, { clock, logger });
    return open();
  }
}

/**
 * Has the file set aside at the next start: large ones are not checked then, and pages that cannot be read cannot be
 * emptied either.
 */
export function markDamaged(path: string): void {
  try {
    writeFileSync(markOf(path), 'The file beside this one is damaged. It is set aside at the next start.\n', {
      mode: 0o600,
    });
  } catch {
    // The damage itself is what the caller tells; on a disk that takes no mark, the next one to meet it marks it.
  }
}

function markOf(path: string): string {
  return `${path}.is-damaged`;
}

function setAside(path: string, reason: string, { clock, logger }: { clock: Clock; logger: Logger }): void {
  if (!existsSync(path)) return;
  const prefix = `${basename(path)}.damaged-`;
  const aside = join(dirname(path), `${prefix}${toTimestamp(clock.now()).replaceAll(/[:.]/g, '')}`);
  for (const suffix of SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  logger.warn({ reason, aside }, 'read models set aside: they are made anew from the log');
  const earlier = readdirSync(dirname(path)).filter((name) => name.startsWith(prefix) && name.endsWith('Z'));
  for (const name of earlier.sort().slice(0, -KEPT))
    for (const suffix of SUFFIXES) rmSync(join(dirname(path), name + suffix), { force: true });
}
