import { isJobEvent, parseEvent, timeOf, type JobEvent } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { JobRecord } from './job-record.js';
import type { Milestones, Reading } from './milestones.js';
import { createSlotLedger, type LedgerRange, type SlotLedger } from './slot-ledger.js';

/** Read and checked at a stretch, which blocks the process for about a millisecond. */
const PAGE = 100;

/** A known state to start from, so that only the events from the range on are read. */
export interface LedgerStart {
  /** The record before the range. */
  record: JobRecord;
  /** The newest known version of the stream. */
  version: number;
}

/** What is known of the job besides its stream. */
export interface LedgerHints {
  start: LedgerStart | undefined;
  /** Its watermark may have been set back: then later events can take back what earlier ones say. */
  wasReset: boolean;
}

export interface LedgerReading extends Reading {
  log: EventLog;
  milestones: Milestones;
}

/**
 * The slot ledger of a job, also of a deleted one, from the log itself; undefined when there is no such job. Without a
 * `start` the record before the range comes from the milestones of its stream. It is not whole when `signal` has aborted.
 * @throws StoreError
 */
export async function readSlotLedger(
  reading: LedgerReading,
  cronId: string,
  range: LedgerRange,
  hints: LedgerHints,
): Promise<SlotLedger | undefined> {
  const { log, nextSlice, signal } = reading;
  const stream = jobStream(cronId);
  const { first, record } = await beginningOf(range.from, stream, hints, reading);
  const collected = createSlotLedger(range, record);
  for (let from = first; ; from += PAGE) {
    await nextSlice();
    const events = await log.readStream(stream, { direction: 'forwards', from, limit: PAGE });
    if (from === 1 && events.length === 0) return undefined;
    for (const recorded of events) {
      await nextSlice();
      const event = toJobEvent(recorded);
      if (event !== undefined && collected.take(event, recorded.metadata) && !hints.wasReset)
        return collected.ledger();
    }
    if (events.length < PAGE || signal.aborted) return collected.ledger();
  }
}

async function beginningOf(
  instant: number,
  stream: string,
  { start, wasReset }: LedgerHints,
  reading: LedgerReading,
): Promise<{ first: number; record: JobRecord | undefined }> {
  // Its times may decrease.
  if (wasReset) return { first: 1, record: undefined };
  const newest = start?.version ?? (await newestVersion(stream, reading));
  const first = await firstVersionFrom(instant, stream, newest, reading);
  const record = start?.record ?? (await reading.milestones.recordAt(stream, first - 1, reading));
  return { first, record };
}

async function newestVersion(stream: string, { log }: LedgerReading): Promise<number> {
  const [newest] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  return newest?.version ?? 0;
}

/** The version of the first event at `instant` or later: times in a stream never decrease. */
async function firstVersionFrom(
  instant: number,
  stream: string,
  newest: number,
  { log, nextSlice }: LedgerReading,
): Promise<number> {
  let low = 1;
  let high = newest + 1;
  while (low < high) {
    await nextSlice();
    const middle = Math.floor((low + high) / 2);
    const [recorded] = await log.readStream(stream, { direction: 'forwards', from: middle, limit: 1 });
    const event = recorded && toJobEvent(recorded);
    // An event of an unknown type has no time to compare: the events after it are read as well.
    if (event === undefined || fromTimestamp(timeOf(event)) >= instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

function toJobEvent(recorded: RecordedEvent): JobEvent | undefined {
  const event = parseEvent(recorded);
  return event !== undefined && isJobEvent(event) ? event : undefined;
}
