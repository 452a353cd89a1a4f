import type { EventLog } from '../src/ports/event-log.js';

export interface WatchedLog extends EventLog {
  /** How many events of a type were appended through it. */
  appended(type: string): number;
  /** When events of a type were answered as appended, and so durable: by stream, epoch milliseconds. */
  durableAt(type: string): ReadonlyMap<string, number>;
}

/** Watches what is appended, on its way: asking the log itself would keep it from its work. */
export function watchLog(log: EventLog): WatchedLog {
  const times = new Map<string, Map<string, number>>();
  const counts = new Map<string, number>();
  return {
    hasOwnClock: log.hasOwnClock,
    async append(writes) {
      const outcomes = await log.append(writes);
      const now = Date.now();
      for (const outcome of outcomes) {
        if (outcome.kind !== 'appended') continue;
        for (const { type, stream } of outcome.events) {
          counts.set(type, (counts.get(type) ?? 0) + 1);
          times.set(type, (times.get(type) ?? new Map<string, number>()).set(stream, now));
        }
      }
      return outcomes;
    },
    readStream: (stream, options) => log.readStream(stream, options),
    subscribe: (options) => log.subscribe(options),
    head: () => log.head(),
    eventIdAt: (position) => log.eventIdAt(position),
    setMaxCount: (stream, count) => log.setMaxCount(stream, count),
    close: () => log.close(),
    appended: (type) => counts.get(type) ?? 0,
    durableAt: (type) => times.get(type) ?? new Map<string, number>(),
  };
}
