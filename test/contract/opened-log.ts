import type { EventLog } from '../../src/ports/event-log.js';

/** A log without events, and what belongs to it. */
export interface OpenedLog {
  log: EventLog;
  close(): Promise<void>;
}

export interface OpenedSharedLog extends OpenedLog {
  /** Closes `log` and opens the same log again. */
  reopen: () => Promise<EventLog>;
  /** Another client of the same log, as another process would have it. */
  second: () => Promise<EventLog>;
}
