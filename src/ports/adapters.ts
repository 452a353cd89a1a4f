import type { CertificationRegistry } from './certification-registry.js';
import type { Clock } from './clock.js';
import type { EventLog } from './event-log.js';
import type { Ids } from './ids.js';
import type { Logger } from './logger.js';
import type { MessageBus } from './message-bus.js';
import type { ReadStore } from './read-store.js';

/** The process itself: what every part may need, whichever stores are used. */
export interface SystemAdapters {
  /** The name of this process: one that no other has, has had or will have. */
  instance: string;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Of the time zone data that this process computes slots with: it goes into the metadata of decisions. */
  tzdataVersion: string;
}

/** An implementation of each port; a test gives its own. */
export interface Adapters extends SystemAdapters {
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
  /** undefined where runs are handed out in the process, as the log tells of them, and nothing is published. */
  bus: MessageBus | undefined;
  /** Closes everything that is open. */
  close: () => Promise<void>;
}
