import type { EventMetadata } from '../events/metadata.js';

/**
 * The event log: the only source of truth.
 *
 * Version = number of events ever in a stream; 0 = the stream does not exist. A version never decreases, not even when
 * `setMaxCount` drops old events of a stream.
 * Position = opaque string of fixed width whose lexical order is log order; `START` is before every event.
 */
export interface EventLog {
  /** Whether `recorded_at` comes from a clock of another machine, such as the server's. */
  readonly hasOwnClock: boolean;

  /**
   * Appends to many streams in one call. Each write is atomic, has its own expected version (0 = must not exist; there
   * is no 'any') and its own outcome, in the order of `writes`; one conflict leaves the others alone.
   * A write whose events are already at that very place, recognised by their ids, is reported as appended and nothing
   * is written: so the same attempt may be repeated after an error with unknown outcome. At the current version ids are
   * not compared. What is reported as appended is durable.
   * @throws StoreError when the append failed or its outcome is unknown: repeat with the same ids and version, or read
   */
  append(writes: readonly Write[]): Promise<Outcome[]>;

  /** Up to `limit` events of a stream in order of version, forwards from (or backwards from) `from`, inclusive. */
  readStream(stream: string, options: ReadOptions): Promise<RecordedEvent[]>;

  /**
   * All events after `from`, in log order, of the streams whose names begin with one of `prefixes`; then what is
   * appended later, by any process, until `signal` aborts (the iteration then ends without an error). One consumer
   * pulls one batch at a time. Each position is delivered at least once; a batch may be empty when it only advances
   * `position` or reports the end of the log.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<Batch>;

  /** Position of the last event in the log; START when there is none. */
  head(): Promise<Position>;

  /** Id of the event at a position, or undefined when there is none: tells whether a checkpoint belongs to this log. */
  eventIdAt(position: Position): Promise<string | undefined>;

  /** Keeps only the last `count` events of a stream; versions go on counting. */
  setMaxCount(stream: string, count: number): Promise<void>;

  close(): Promise<void>;
}

export type Position = string;

/** Lexically before every position of every adapter. */
export const START: Position = '';

export interface NewEvent {
  /** A fresh UUID for each attempt; the same one only to repeat the same attempt. */
  id: string;
  type: string;
  data: Record<string, unknown>;
  metadata: EventMetadata;
}

/** An event with its place in its stream, which is all that an append reports. */
export interface AppendedEvent extends NewEvent {
  stream: string;
  version: number;
}

export interface RecordedEvent extends AppendedEvent {
  position: Position;
  /** RFC 3339, by the clock of the store; never used to decide. */
  recorded_at: string;
}

export interface Write {
  stream: string;
  expectedVersion: number;
  events: readonly NewEvent[];
}

export type Outcome =
  | { kind: 'appended'; events: AppendedEvent[] }
  /** `version` is the version found. */
  | { kind: 'conflict'; version: number };

export interface ReadOptions {
  direction: 'forwards' | 'backwards';
  /** Default: the first version forwards, the last backwards. */
  from?: number;
  limit: number;
}

export interface SubscribeOptions {
  from: Position;
  prefixes: readonly string[];
  signal: AbortSignal;
}

export interface Batch {
  events: RecordedEvent[];
  /** Everything up to here has been delivered or does not match the prefixes. */
  position: Position;
  /** The end of the log was reached with this batch. */
  caughtUp: boolean;
}
