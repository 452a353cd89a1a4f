import type { ApiKey } from '../../access/api-keys.js';
import { KeyFileError } from '../../access/parse-keys.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { readKeyFile, type KeyFile } from './read-key-file.js';

const LOOK_EVERY_MS = 1_000;
/** The first time somebody may be just writing it. */
const TOLD_AFTER = 2;

/**
 * Reads the file again each second, by its name: so it does not matter whether it was written, replaced by another one, or
 * is a link that leads to another one now, as Kubernetes has it. While it cannot be used the earlier keys stay in force,
 * and one ERROR line says so.
 * @param ending ends it
 * @returns the keys in force
 */
export function watchKeys(
  path: string,
  first: KeyFile,
  { clock, logger }: { clock: Clock; logger: Logger },
  ending: AbortSignal,
): () => readonly ApiKey[] {
  let file = first;
  let faults = 0;

  async function look(): Promise<void> {
    try {
      const next = await readKeyFile(path, file);
      if (faults >= TOLD_AFTER) logger.info({ keys: next.keys.length }, 'API keys can be read again');
      else if (next.keys !== file.keys) logger.info({ keys: next.keys.length }, 'API keys read again');
      faults = 0;
      file = next;
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error;
      faults++;
      if (faults === TOLD_AFTER)
        logger.error({ reason: error.message }, 'API keys cannot be read; the earlier ones stay in force');
    }
  }

  async function follow(): Promise<void> {
    while (!isAborted(ending)) {
      await look();
      await clock.sleep(LOOK_EVERY_MS, ending);
    }
  }

  if (first.isWritableByAll)
    logger.warn({}, 'everybody on this machine may write to the file of API keys: chmod o-w');
  void follow();
  return () => file.keys;
}
