import type { EventLog } from '../../src/ports/event-log.js';

/** A log that others use as well, seen as if only one's own streams were in it: all names begin with `mark`. */
export function ownStreams(log: EventLog, mark: string): EventLog {
  const inside = <E extends { stream: string }>(event: E): E => ({
    ...event,
    stream: event.stream.slice(mark.length),
  });

  return {
    async append(writes) {
      const outcomes = await log.append(writes.map((write) => ({ ...write, stream: mark + write.stream })));
      return outcomes.map((outcome) =>
        outcome.kind === 'appended' ? { ...outcome, events: outcome.events.map(inside) } : outcome,
      );
    },
    readStream: async (stream, options) => (await log.readStream(mark + stream, options)).map(inside),
    async *subscribe({ prefixes, ...rest }) {
      const marked = prefixes.map((prefix) => mark + prefix);
      for await (const batch of log.subscribe({ ...rest, prefixes: marked }))
        yield { ...batch, events: batch.events.map(inside) };
    },
    head: () => log.head(),
    hasOwnClock: log.hasOwnClock,
    eventIdAt: (position) => log.eventIdAt(position),
    setMaxCount: (stream, count) => log.setMaxCount(mark + stream, count),
    close: () => log.close(),
  };
}
