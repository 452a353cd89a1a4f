import type { LogPosition } from './position.js';
import { firstFrom } from './read-pages.js';
import type { Storage } from './storage.js';
import type { StoredEvent } from './stored-event.js';

export type EventFilter = (event: StoredEvent) => boolean;

export interface SearchPage {
  events: StoredEvent[];
  /** Where the page was asked to begin. */
  current: LogPosition;
  /** Where the next one begins: the end of the last record, with prepare 0. */
  next: LogPosition;
  considered: number;
  atEnd: boolean;
}

/** Events of a page, as many as the server reads at once. */
const PAGE_SIZE = 32;

/** Undefined: no record begins at this position. A page ends with 32 events, or `window` looked at, or the log. */
export function searchPage(
  storage: Storage,
  from: LogPosition,
  window: number,
  filter: EventFilter,
): SearchPage | undefined {
  const first = firstFrom(storage, from);
  if (first === undefined) return undefined;
  const shown = storage.shown();
  const events: StoredEvent[] = [];
  let [considered, next] = [0, from];
  for (let index = first; events.length < PAGE_SIZE && considered < window; index++) {
    const event = shown[index];
    if (event === undefined) return { events, current: from, next, considered, atEnd: true };
    considered++;
    if (filter(event)) events.push(event);
    next = { commit: event.end, prepare: 0n };
  }
  return { events, current: from, next, considered, atEnd: false };
}
