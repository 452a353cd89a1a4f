import type { EventLog, Position, RecordedEvent } from '../ports/event-log.js';
import { prefixesOf, rangeOf, selects, type Selection } from './selection.js';

/**
 * The events of a selection in log order, some hundreds at a time, up to what is the end of the log at the beginning: a
 * busy service does not make it endless. Memory is that of one batch.
 * @param onProgress how many events were read, those included that are not selected
 * @throws StoreError
 */
export async function* readSelected(
  log: EventLog,
  selection: Selection,
  { head, onProgress }: { head: Position; onProgress: (events: number) => void },
): AsyncGenerator<RecordedEvent[], void> {
  const { after, last = head } = rangeOf(selection);
  const end = last < head ? last : head;
  const isSelected = selects(selection);
  const ending = new AbortController();
  let events = 0;
  try {
    const batches = log.subscribe({ from: after, prefixes: prefixesOf(selection), signal: ending.signal });
    for await (const batch of batches) {
      events += batch.events.length;
      onProgress(events);
      yield batch.events.filter((event) => event.position <= end && isSelected(event));
      if (batch.caughtUp || batch.position >= end) return;
    }
  } finally {
    ending.abort();
  }
}
