import type { EventLog, RecordedEvent } from '../../src/ports/event-log.js';

export interface Seen {
  event: RecordedEvent;
  /** By the clock of this process, epoch milliseconds; up to 20 ms after the append. */
  at: number;
}

export interface FollowedLog {
  /** All events of the log in order, as this process has seen them. */
  seen: readonly Seen[];
  stop(): Promise<void>;
}

const PREFIXES = ['cronJob-', 'certificationReminder-', 'lease-'];

/** Follows the log beside the service, so that one clock times what instances with different clocks do. */
export function followLog(log: EventLog): FollowedLog {
  const seen: Seen[] = [];
  const stopping = new AbortController();
  const following = (async () => {
    for await (const { events } of log.subscribe({
      from: '',
      prefixes: PREFIXES,
      signal: stopping.signal,
    }))
      for (const event of events) seen.push({ event, at: Date.now() });
  })();
  return {
    seen,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
