import type { Batch, Position, RecordedEvent } from '../../ports/event-log.js';
import type { StoreError } from '../../ports/store-error.js';

/** An event as it was read from the server, or why it cannot be read. */
export type Entry = { stream: string; position: Position } & (
  { recorded: RecordedEvent } | { damage: StoreError }
);

/** What has come lately, for followers that are near the end of the log. */
export interface RecentEvents {
  /** In log order; one at or before `position` is ignored. */
  add: (entry: Entry) => void;
  /** Everything up to `position` has come, or does not match. */
  moveTo(position: Position): void;
  /** Everything up to here has come. */
  position(): Position;
  /** Everything after it is here. */
  begin(): Position;
  /** What came after a position, of streams whose names begin with one of the prefixes. */
  after(position: Position, prefixes: readonly string[]): EntriesRead;
}

export interface EntriesRead extends Pick<Batch, 'events' | 'position'> {
  /** Why the next event after these cannot be read. */
  damage: StoreError | undefined;
}

/** A follower that lags by more than this catches up by a subscription of its own. */
const KEPT = 4_096;

export function createRecentEvents(start: Position): RecentEvents {
  let entries: Entry[] = [];
  let begin = start;
  let position = start;

  function moveTo(to: Position): void {
    if (to > position) position = to;
  }

  return {
    add(entry) {
      if (entry.position <= position) return;
      entries.push(entry);
      moveTo(entry.position);
      if (entries.length < 2 * KEPT) return;
      begin = entries[KEPT - 1]?.position ?? begin;
      entries = entries.slice(KEPT);
    },
    moveTo,
    position: () => position,
    begin: () => begin,
    after(from, prefixes) {
      const newer = entries.slice(firstAfter(entries, from));
      const matching = newer.filter(({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix)));
      // A log that was restored may end before it.
      return readEntries(matching, { from, end: from > position ? from : position });
    },
  };
}

/** @param end the position reached when all of them can be read */
export function readEntries(
  entries: readonly Entry[],
  { from, end }: { from: Position; end: Position },
): EntriesRead {
  const events: RecordedEvent[] = [];
  for (const entry of entries) {
    // The events before a damaged one must not be withheld.
    if ('damage' in entry) return { events, position: events.at(-1)?.position ?? from, damage: entry.damage };
    events.push(entry.recorded);
  }
  return { events, position: end, damage: undefined };
}

/** Index of the first entry after a position. */
function firstAfter(entries: readonly Entry[], position: Position): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.position ?? '') > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
