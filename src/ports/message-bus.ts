/**
 * Where messages go to other services and come from them: durable topics, divided into partitions; messages with the
 * same key stay in order. Every call may throw StoreError (store_unavailable: the brokers cannot be reached;
 * store_refused: they do not let us).
 */
export interface MessageBus {
  /** Creates the topics that are missing; those that exist are left as they are. */
  createTopics(topics: readonly Topic[]): Promise<void>;
  /**
   * A producer of its own. After any error it must be closed and another one be opened: what it had in flight may
   * have been written or not, which `tails` of the next one tells. It sends no more by itself then; but what a broker
   * has already taken may still appear later, when the other replicas are slow. So readers must stand a repetition.
   */
  openProducer(): Promise<Producer>;
  /**
   * Consumes until `signal` aborts, then lets the message in hand end and resolves. A consumer that fails or stops
   * silently is started again, after a pause; meanwhile `check` tells of it.
   */
  consume(consumption: Consumption): Promise<void>;
  /** @throws StoreError that says what is not well: the brokers do not answer, or a consumer has stopped */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface Topic {
  name: string;
  partitions: number;
  /** In the words of Kafka's topic configuration, such as `cleanup.policy`. */
  settings: Readonly<Record<string, string>>;
}

export interface OutgoingMessage {
  topic: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  /** null is a tombstone. */
  value: string | Uint8Array | null;
}

export interface IncomingMessage {
  topic: string;
  partition: number;
  /** Decimal; rises within the partition. */
  offset: string;
  /** null when it has none; what is no UTF-8 in it is replaced. */
  key: string | null;
  headers: Readonly<Record<string, string>>;
  value: Uint8Array | null;
}

export interface Producer {
  /** The newest message of each partition of the topics, whatever it is; a partition without one is left out. */
  tails(topics: readonly string[]): Promise<IncomingMessage[]>;
  /** Where a message goes; the same key always to the same partition. Known once `tails` was asked of its topic. */
  partitionOf(message: Pick<OutgoingMessage, 'topic' | 'key'>): number;
  /**
   * Resolves when all are on all in-sync replicas, those of one partition in the order given and all or none of them.
   * Only one call may be under way.
   * @throws StoreError message_too_large when what goes to one partition is larger than its topic takes at once
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
   * Takes messages of one partition, in order; it may last as long as it needs. When it resolves they are done with;
   * when it rejects, they are delivered again. Delivery is at least once.
   * `signal` aborts when the partition is lost to another consumer or `consume` is to end: give up then.
   */
  handle(messages: readonly IncomingMessage[], signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
}
