import { setTimeout as pause } from 'node:timers/promises';
import { START, type EventLog, type RecordedEvent } from '../../src/ports/event-log.js';
import { mayPass } from '../../src/ports/store-error.js';

export interface Seen {
  event: RecordedEvent;
  /** By the clock of this process, epoch milliseconds; up to 20 ms after the append, unless the log was out of reach. */
  at: number;
}

export interface FollowedLog {
  /** All events of the log in order, as this process has seen them. */
  seen: readonly Seen[];
  stop(): Promise<void>;
}

/** Of all streams of the service. */
export const LOG_PREFIXES = ['cronJob-', 'certificationReminder-', 'lease-'];
const AGAIN_MS = 20;

/** Follows the log beside the service, so that one clock times what instances with different clocks do. */
export function followLog(log: EventLog): FollowedLog {
  const seen: Seen[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;

  /** From where it was, after the server of the log was out of reach. */
  async function followOn(): Promise<void> {
    let from = seen.at(-1)?.event.position ?? START;
    for await (const { events } of log.subscribe({ from, prefixes: LOG_PREFIXES, signal }))
      for (const event of events) {
        // A position may be delivered again.
        if (event.position <= from) continue;
        seen.push({ event, at: Date.now() });
        from = event.position;
      }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        await followOn();
      } catch (error) {
        if (!mayPass(error)) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  const following = follow();
  return {
    seen,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
