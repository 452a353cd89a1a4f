import type { EventLog, RecordedEvent } from '../../src/ports/event-log.js';

/** Everything in the log, in order; of an event store that others use, too, only what is ours. */
export async function readWholeLog(
  log: EventLog,
  prefixes: readonly string[] = [''],
): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ from: '', prefixes, signal: stop.signal })) {
    events.push(...batch.events);
    if (batch.caughtUp) stop.abort();
  }
  return events;
}
