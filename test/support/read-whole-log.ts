import { JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../../src/events/stream-names.js';
import type { EventLog, RecordedEvent } from '../../src/ports/event-log.js';

/** All events of jobs and reminders, in order; without those of the lease. */
export async function readWholeLog(
  log: EventLog,
  prefixes: readonly string[] = [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX],
): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ from: '', prefixes, signal: stop.signal })) {
    events.push(...batch.events);
    if (batch.caughtUp) stop.abort();
  }
  return events;
}
