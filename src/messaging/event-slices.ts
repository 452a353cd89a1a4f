import type { RecordedEvent } from '../ports/event-log.js';

/** A batch of one partition is one record for the broker, which takes 1 MiB by default: leaves room for headers. */
const MOST_CHARACTERS = 200_000;
const MOST_EVENTS = 500;

/**
 * Cuts events into slices that can be sent at once, in order; an oversized event is a slice by itself.
 * @param isAlone whether an event must be one as well
 */
export function* eventSlices(
  events: readonly RecordedEvent[],
  isAlone: (event: RecordedEvent) => boolean,
): Generator<RecordedEvent[]> {
  let slice: RecordedEvent[] = [];
  let characters = 0;
  for (const event of events) {
    const size = JSON.stringify(event).length;
    const isFull = slice.length === MOST_EVENTS || characters + size > MOST_CHARACTERS;
    if (slice.length > 0 && (isFull || isAlone(event))) {
      yield slice;
      slice = [];
      characters = 0;
    }
    slice.push(event);
    characters += size;
  }
  if (slice.length > 0) yield slice;
}
