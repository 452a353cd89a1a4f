import type { MessageBus } from '../../src/ports/message-bus.js';

/** What a test has: buses on the same brokers, each as of another process, and a topic of its own. */
export interface BusWorld {
  bus: MessageBus;
  /** Closed after the test. */
  openBus: () => MessageBus;
  /** Of PARTITIONS partitions; nobody else uses it. */
  topic: string;
  group: string;
}
