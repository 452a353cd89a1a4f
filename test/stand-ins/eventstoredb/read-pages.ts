import { type LogPosition, at, comparePositions } from './position.js';
import type { Storage } from './storage.js';
import type { StoredEvent } from './stored-event.js';
import { DELETED, firstShown } from './stream-metadata.js';

export interface StreamRead {
  from: number | 'start' | 'end';
  backwards: boolean;
  count: number;
}

/** Undefined: there is no such stream. What `$maxCount` or `$tb` hides is left out. */
export function readStream(storage: Storage, stream: string, read: StreamRead): StoredEvent[] | undefined {
  const written = storage.shownOf(stream);
  const last = written.at(-1)?.revision;
  const metadata = storage.metadataOf(stream);
  if (last === undefined || metadata.truncateBefore === DELETED) return undefined;
  const shown = written.slice(firstShown(metadata, last));
  const from = read.from === 'start' ? 0 : read.from === 'end' ? Infinity : read.from;
  if (read.backwards)
    return shown
      .filter(({ revision }) => revision <= from)
      .slice(-read.count)
      .reverse();
  return shown.filter(({ revision }) => revision >= from).slice(0, read.count);
}

export type AllFrom = LogPosition | 'start' | 'end';

/**
 * Undefined: no record begins (backwards: ends) at this position. Behind the last record there is nothing to read
 * forwards. Backwards, a position is where records end, so an event at the very position is not read.
 */
export function readAll(
  storage: Storage,
  { from, backwards, count }: { from: AllFrom; backwards: boolean; count: number },
): StoredEvent[] | undefined {
  const events = storage.shown();
  if (from === 'start') return backwards ? [] : events.slice(0, count);
  if (from === 'end') return backwards ? events.slice(-count).reverse() : [];
  if (backwards) {
    if (!isBoundary(storage, from.commit)) return undefined;
    return events
      .filter(({ end }) => comparePositions(at(end), from) <= 0)
      .slice(-count)
      .reverse();
  }
  const first = firstFrom(storage, from);
  return first === undefined ? undefined : events.slice(first, first + count);
}

/** Index of the first event at or after a position; undefined when that lies within a record. */
export function firstFrom(storage: Storage, from: LogPosition): number | undefined {
  const events = storage.shown();
  if (from.commit > lastPosition(storage).commit) return events.length;
  if (!isBoundary(storage, from.commit)) return undefined;
  return lowerBound(events, from);
}

export const lastPosition = (storage: Storage): LogPosition => at(storage.shown().at(-1)?.position ?? -1n);

function isBoundary(storage: Storage, position: bigint): boolean {
  const events = storage.shown();
  if (position === 0n || position === storage.firstPosition) return true;
  if (position === events.at(-1)?.end) return true;
  return events[lowerBound(events, { commit: position, prepare: 0n })]?.position === position;
}

function lowerBound(events: readonly StoredEvent[], from: LogPosition): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event !== undefined && comparePositions(at(event.position), from) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
