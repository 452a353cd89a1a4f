import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import { isAborted } from '../waiting/is-aborted.js';
import { createPauses } from '../waiting/pauses.js';
import { checkpointFault } from './checkpoint-fault.js';
import type { ProjectionGroup } from './projection.js';

/** Whether the stored models were projected from this log: what they hold beyond it would be believed wrongly. */
export interface ModelsOrigin {
  /**
   * Resolves when the models are known to be of this log, as far as they go; or `signal` aborts. Known for good, until
   * there is a doubt. @throws StoreError
   */
  whenOfThisLog: (signal: AbortSignal) => Promise<void>;
  /** The log could not be reached for a while: it may have been restored or replaced. */
  doubt: () => void;
}

/** Polling interval for the checkpoint of another process; it grows. */
export const LOOKS = { firstMs: 25, longestMs: 5_000 };

export function createModelsOrigin(
  group: ProjectionGroup,
  { log, store, clock }: { log: EventLog; store: ReadStore; clock: Clock },
): ModelsOrigin {
  let doubts = 0;
  let knownAfter: number | undefined;

  async function isOfThisLog(): Promise<boolean> {
    const stored = await store.readCheckpoint(group.name);
    return stored !== undefined && (await checkpointFault(stored, group.version, log)) === undefined;
  }

  return {
    async whenOfThisLog(signal) {
      const looks = createPauses(LOOKS);
      while (!isAborted(signal) && knownAfter !== doubts) {
        // A doubt that comes while the log is asked is asked about again.
        const asked = doubts;
        if (await isOfThisLog()) knownAfter = asked;
        else await clock.sleep(looks.next(), signal);
      }
    },
    doubt() {
      doubts++;
    },
  };
}
