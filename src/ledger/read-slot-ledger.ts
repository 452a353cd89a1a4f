import { parseEvent, type JobEvent } from '../events/domain-event.js';
import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { createSlotLedger, type LedgerRange, type SlotLedger } from './slot-ledger.js';

const PAGE = 500;

/**
 * The slot ledger of a job, also of a deleted one, from the log itself; undefined when there is no such job. It reads the
 * job's stream from its beginning up to the range, with turns of the event loop in between.
 * @throws StoreError
 */
export async function readSlotLedger(
  { log, clock }: { log: EventLog; clock: Clock },
  cronId: string,
  range: LedgerRange,
): Promise<SlotLedger | undefined> {
  const collected = createSlotLedger(range);
  for (let from = 1; ; from += PAGE) {
    const events = await log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
    if (from === 1 && events.length === 0) return undefined;
    for (const recorded of events) {
      const event = parseEvent({ ...recorded, schemaVersion: recorded.metadata.schema_version });
      if (event !== undefined && collected.take(event as JobEvent)) return collected.ledger();
    }
    if (events.length < PAGE) return collected.ledger();
    await clock.yield();
  }
}
