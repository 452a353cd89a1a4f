/**
 * Exchanges messages with other services over durable, partitioned topics; messages with the same key stay in order.
 * Every call may throw StoreError (store_unavailable: the brokers cannot be reached; store_refused: they deny access).
 */
export interface MessageBus {
  /** Creates missing topics; leaves existing ones unchanged. */
  createTopics(topics: readonly Topic[]): Promise<void>;
  /**
   * Opens a separate producer. After any error, close it and open another: its messages in flight may or may not have
   * been written, which `tails` of the next one shows. It then sends nothing more on its own; but messages that a
   * broker has already accepted may still appear later, when the other replicas are slow. So consumers must tolerate
   * duplicates.
   */
  openProducer(): Promise<Producer>;
  /**
   * Consumes until `signal` aborts, then finishes the messages in hand and resolves. A consumer that fails or stops
   * silently is restarted after a pause; meanwhile `check` reports it.
   */
  consume(consumption: Consumption): Promise<void>;
  /** @throws StoreError that names the problem: the brokers do not answer, or a consumer has stopped */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface Topic {
  name: string;
  partitions: number;
  /** In the words of Kafka's topic configuration, such as `cleanup.policy`. */
  settings: Readonly<Record<string, string>>;
}

/**
 * A key, or the content of a header, which brokers hold as bytes: a text where they are text in UTF-8, else the bytes. So
 * nothing is replaced, two keys never become one, and whoever wants a text has to say what becomes of the others.
 */
export type TextOrBytes = string | Uint8Array;

export interface OutgoingMessage {
  topic: string;
  key: TextOrBytes;
  headers: Readonly<Record<string, TextOrBytes>>;
  /** null is a tombstone. */
  value: string | Uint8Array | null;
}

export interface IncomingMessage {
  topic: string;
  partition: number;
  /** Decimal; rises within the partition. */
  offset: string;
  /** null when it has none. */
  key: TextOrBytes | null;
  headers: Readonly<Record<string, TextOrBytes>>;
  value: Uint8Array | null;
  /**
   * What is not here in full since it is larger than a bus takes in: each part, its size and the limit. undefined when
   * the message is whole. So no message is larger than about 2 MiB; a broker's batch that is too large to be read, or
   * cannot be, is not delivered but logged with its place.
   */
  tooLarge?: string | undefined;
}

export interface Producer {
  /** The newest message of each partition of the topics, whatever it is; a partition without one is left out. */
  tails(topics: readonly string[]): Promise<IncomingMessage[]>;
  /** The partition of a message, always the same for a key. Known once `tails` was called for its topic. */
  partitionOf(message: Pick<OutgoingMessage, 'topic' | 'key'>): number;
  /**
   * Resolves when all are on all in-sync replicas; those of one partition in the order given, all or none. Only one
   * call may be in flight.
   * @throws StoreError message_too_large when the messages for one partition exceed what its topic accepts at once
   */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface Consumption {
  topic: string;
  /** The consumers of a group share the partitions among them; a group that is new begins at the oldest message. */
  group: string;
  /** How many messages `handle` may be given at once. */
  atMost: number;
  /** How many partitions may be handled at the same time. */
  partitionsAtOnce: number;
  /**
   * Handles messages of one partition, in order; it may take as long as it needs. When it resolves, they are done; when
   * it rejects, they are redelivered. Delivery is at least once.
   * `signal` aborts when the partition is lost to another consumer or `consume` is ending: give up then.
   */
  handle(messages: readonly IncomingMessage[], signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
}
