import type { Clock } from '../ports/clock.js';
import type { EventLog, Outcome, Write } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { mayPass } from '../ports/store-error.js';
import { createPauses } from '../waiting/pauses.js';

const ATTEMPTS = 3;
/** Whoever waits for an answer hears of a log that is down before long. */
const WITHIN_MS = 4_000;
const PAUSES = { firstMs: 10, longestMs: 20 };

/**
 * A failure whose outcome is not known is met by the same attempt again: same ids, same expected version.
 * @param assertMayAppend asked before each attempt; throws when it may not be made any more
 * @throws StoreError when it goes on
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
