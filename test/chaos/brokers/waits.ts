import type { KcatMessage } from '../../servers/kcat.js';
import type { Seen } from '../follow-log.js';

/** Something that had to wait, in epoch milliseconds. */
export interface Wait {
  from: number;
  until: number;
}

/**
 * From the log to the topic of all events: those that were published.
 * @param messages with the times at which the broker has written them; of repeats the first one counts
 */
export function publishingWaits(seen: readonly Seen[], messages: readonly KcatMessage[]): Wait[] {
  const published = new Map<string, number>();
  for (const { headers, at } of messages) {
    const id = headers.ce_id ?? '';
    published.set(id, Math.min(at, published.get(id) ?? Infinity));
  }
  return seen.flatMap(({ at, event }) => {
    const until = published.get(event.id);
    // The clock of a broker and the moment at which this process saw an event may be some milliseconds apart.
    return until === undefined ? [] : [{ from: at, until: Math.max(at, until) }];
  });
}

/** From the start of a run to its end, however it ended. */
export function runWaits(seen: readonly Seen[]): Wait[] {
  const started = new Map<unknown, number>();
  const waits: Wait[] = [];
  for (const { at, event } of seen) {
    const from = started.get(event.data.run_id);
    if (event.type === 'RunStarted') started.set(event.data.run_id, at);
    if (event.type === 'RunCompleted' && from !== undefined) waits.push({ from, until: at });
  }
  return waits;
}

/**
 * The longest wait, milliseconds, that began from each instant on and before the next one; 0 where none did.
 * @param instants rising
 */
export function longestWaits(waits: readonly Wait[], instants: readonly number[]): number[] {
  return instants.map((instant, index) => {
    const next = instants[index + 1] ?? Infinity;
    const own = waits.filter(({ from }) => from >= instant && from < next);
    return own.reduce((longest, { from, until }) => Math.max(longest, until - from), 0);
  });
}
