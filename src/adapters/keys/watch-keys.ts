import type { ApiKey } from '../../access/api-keys.js';
import { KeyFileError } from '../../access/parse-keys.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { inTime } from '../../waiting/in-time.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { readKeyFile, type KeyFile } from './read-key-file.js';

const LOOK_EVERY_MS = 1_000;
/** Beyond it the file system hangs. */
const LOOK_WITHIN_MS = 2_000;
/** The first time somebody may be just writing it. */
const TOLD_AFTER = 2;
/** While it lasts: withdrawn keys stay in force, and nobody reads a line of last month. */
const TOLD_AGAIN_MS = 600_000;

/** What a file of keys has, from moment to moment. */
export interface WatchedKeys {
  /** The keys in force. */
  current: () => readonly ApiKey[];
  /** For how long the file could not be used; 0 while it can. */
  staleSeconds: () => number;
}

/**
 * Reads the file again each second, by its name: so it does not matter whether it was written, replaced by another one, or
 * is a link that leads to another one now, as Kubernetes has it. While it cannot be used the earlier keys stay in force;
 * an ERROR line says so, again when the reason is another one, and each 10 minutes. There is one look at a time, also at a
 * file system that hangs: each holds a thread of the process.
 * @param ending ends it
 */
export function watchKeys(
  path: string,
  first: KeyFile,
  { clock, logger }: { clock: Clock; logger: Logger },
  ending: AbortSignal,
): WatchedKeys {
  let file = first;
  let goodAt = clock.monotonic();
  let faults = 0;
  let told = { reason: '', at: -Infinity };
  let reading: Promise<KeyFile> | undefined;

  async function read(): Promise<KeyFile> {
    reading ??= readKeyFile(path, file).finally(() => {
      reading = undefined;
    });
    const next = await inTime(clock, LOOK_WITHIN_MS, reading);
    if (next === undefined) throw new KeyFileError(`cannot be read within ${LOOK_WITHIN_MS} ms`);
    return next;
  }

  async function look(): Promise<void> {
    try {
      const next = await read();
      if (faults >= TOLD_AFTER) logger.info({ keys: next.keys.length }, 'API keys can be read again');
      else if (next.keys !== file.keys) logger.info({ keys: next.keys.length }, 'API keys read again');
      if (!file.isWritableByAll) warnIfWritable(next);
      faults = 0;
      goodAt = clock.monotonic();
      file = next;
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error;
      faults++;
      if (faults >= TOLD_AFTER) tell(error.message);
    }
  }

  function tell(reason: string): void {
    const at = clock.monotonic();
    if (faults > TOLD_AFTER && reason === told.reason && at - told.at < TOLD_AGAIN_MS) return;
    told = { reason, at };
    const seconds = Math.round(staleSeconds());
    logger.error({ reason, seconds }, 'API keys cannot be read; the earlier ones stay in force');
  }

  function warnIfWritable({ isWritableByAll }: KeyFile): void {
    if (isWritableByAll)
      logger.warn({}, 'everybody on this machine may write to the file of API keys: chmod o-w');
  }

  function staleSeconds(): number {
    return faults === 0 ? 0 : (clock.monotonic() - goodAt) / 1_000;
  }

  async function follow(): Promise<void> {
    while (!isAborted(ending)) {
      await look();
      await clock.sleep(LOOK_EVERY_MS, ending);
    }
  }

  warnIfWritable(first);
  void follow();
  return { current: () => file.keys, staleSeconds };
}
