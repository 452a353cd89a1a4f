import type { CertificationRegistry } from './certification-registry.js';
import type { Clock } from './clock.js';
import type { EventLog } from './event-log.js';
import type { Ids } from './ids.js';
import type { Logger } from './logger.js';
import type { MessageBus } from './message-bus.js';
import type { ReadStore } from './read-store.js';

/** The process itself: what every part may need, whichever stores are used. */
export interface SystemAdapters {
  /** The name of this process, unique among all processes, past and future. */
  instance: string;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Version of the time zone data that this process computes slots with; recorded in the metadata of decisions. */
  tzdataVersion: string;
}

/** An implementation of each port; a test gives its own. */
export interface Adapters extends SystemAdapters {
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
  /** undefined when runs are dispatched in-process, straight from the log, and nothing is published. */
  bus: MessageBus | undefined;
  /**
   * Aborted when the file of a store that must not be lost is gone while the service uses it, with a StoreError as the
   * reason: the process must end, and says what to do.
   */
  lost: AbortSignal;
  /** Closes everything that is open. */
  close: () => Promise<void>;
}
