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

/** What `open` opens, as often as the test asks for it; at the end all are closed, and `end` is called. */
export function openedSharedLog(open: () => EventLog, end: () => void = () => undefined): OpenedSharedLog {
  const opened = new Set<EventLog>();
  const another = (): EventLog => {
    const log = open();
    opened.add(log);
    return log;
  };
  const log = another();
  return {
    log,
    second: () => Promise.resolve(another()),
    async reopen() {
      opened.delete(log);
      await log.close();
      return another();
    },
    async close() {
      for (const each of opened) await each.close();
      end();
    },
  };
}
