import type { Clock } from '../ports/clock.js';
import type { EventLog, Outcome, Write } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { mayPass } from '../ports/store-error.js';
import { createPauses } from '../waiting/pauses.js';

const ATTEMPTS = 3;
/** Bounds how long a caller waits for a log that is down. */
const WITHIN_MS = 4_000;
const PAUSES = { firstMs: 10, longestMs: 20 };

/**
 * Retries the same attempt after a failure with unknown outcome: same ids, same expected version.
 * @param assertMayAppend called before each attempt; throws when appending is no longer allowed
 * @throws StoreError when the failure persists
 */
export async function appendAgain(
  writes: readonly Write[],
  { log, clock, ids }: { log: EventLog; clock: Clock; ids: Ids },
  assertMayAppend: () => void,
): Promise<Outcome[]> {
  const giveUpAt = clock.monotonic() + WITHIN_MS;
  const pauses = createPauses(PAUSES);
  for (let tried = 1; ; tried++) {
    assertMayAppend();
    try {
      return await log.append(writes);
    } catch (error) {
      if (!mayPass(error) || tried === ATTEMPTS || clock.monotonic() > giveUpAt) throw error;
      await clock.sleep(pauses.next() * (1 + ids.random()));
    }
  }
}
