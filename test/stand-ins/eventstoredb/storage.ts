import { randomUUID } from 'node:crypto';
import { type Decision, type Expected, NO_STREAM, type StreamView, decideAppend } from './append-rule.js';
import { type ProposedEvent, type StoredEvent, jsonProposal, tombstoneOf } from './stored-event.js';
import {
  DELETED,
  type StreamMetadata,
  deletion,
  metadataStreamOf,
  streamMetadata,
  writtenStreamOf,
} from './stream-metadata.js';

export interface StorageOptions {
  /** Position of the first record, for positions that a double cannot hold. */
  firstPosition?: bigint;
  now?: () => number;
}

/** What is left of the server when it is stopped: all events, and how far they are replicated. */
export interface Storage {
  readonly firstPosition: bigint;
  /** Replicated events in log order: what reads and subscriptions see. */
  shown(): readonly StoredEvent[];
  shownOf(stream: string): readonly StoredEvent[];
  metadataOf(stream: string): StreamMetadata;
  isTombstoned(stream: string): boolean;
  decide(stream: string, expected: Expected, ids: readonly string[]): Decision;
  /** Brings a soft-deleted stream back when it writes to it, or to its metadata. */
  write(stream: string, events: readonly ProposedEvent[]): StoredEvent[];
  softDelete(stream: string): StoredEvent;
  tombstone(stream: string): StoredEvent;
  /** From now on what is written is neither shown nor acknowledged, until `resume`. */
  stall(): void;
  resume(): void;
  /** How many events are written but not shown. */
  held(): number;
  isShown(event: StoredEvent): boolean;
  /** Calls back whenever there is more to show; the function returned ends that. */
  onShown(listener: () => void): () => void;
}

/** Length of a record without its body; as large as it is in the real log. */
const RECORD_HEADER = 100n;

export function createStorage({ firstPosition = 0n, now = Date.now }: StorageOptions = {}): Storage {
  const events: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const ids = new Set<string>();
  const tombstoned = new Set<string>();
  const listeners = new Set<() => void>();
  let shownCount: number | undefined;
  // A log begins with a record of the epoch, which is no event.
  let end = firstPosition + RECORD_HEADER;

  const all = (stream: string): StoredEvent[] => streams.get(stream) ?? [];
  const lastShownPosition = (): bigint =>
    shownCount === undefined ? end : (events[shownCount - 1]?.position ?? -1n);
  const isShown = ({ position }: StoredEvent): boolean => position <= lastShownPosition();
  const metadataOf = (stream: string): StreamMetadata =>
    streamMetadata(stream, all(metadataStreamOf(stream)).at(-1));

  function view(stream: string): StreamView {
    const written = all(stream);
    return {
      last: written.at(-1)?.revision ?? NO_STREAM,
      replicatedLast: written.findLast(isShown)?.revision ?? NO_STREAM,
      softDeleted: metadataOf(stream).truncateBefore === DELETED,
      tombstoned: tombstoned.has(stream),
      hasMetadata: all(metadataStreamOf(stream)).length > 0,
      idAt: (revision) => written[revision]?.id,
      wasWritten: (id) => ids.has(id),
    };
  }

  function record(stream: string, event: ProposedEvent): StoredEvent {
    const written = all(stream);
    const position = end;
    end += RECORD_HEADER + BigInt(event.type.length + event.data.length + event.metadata.length);
    const created = BigInt(now()) * 10_000n;
    const stored = { ...event, stream, revision: written.length, position, end, created };
    streams.set(stream, written);
    written.push(stored);
    events.push(stored);
    ids.add(event.id);
    return stored;
  }

  /** As the server does it, after the events that bring the stream back: hides those before them, keeps the rest. */
  function undelete(stream: string, truncateBefore: number): void {
    const metadata = metadataStreamOf(stream);
    const kept: unknown = JSON.parse(Buffer.from(all(metadata).at(-1)?.data ?? '{}').toString());
    record(metadata, jsonProposal(randomUUID(), '$metadata', { ...(kept as object), $tb: truncateBefore }));
  }

  const announce = (): void => listeners.forEach((listener) => listener());

  return {
    firstPosition,
    shown: () => (shownCount === undefined ? events : events.slice(0, shownCount)),
    shownOf: (stream) => (shownCount === undefined ? all(stream) : all(stream).filter(isShown)),
    metadataOf,
    isTombstoned: (stream) => tombstoned.has(stream),
    decide: (stream, expected, proposed) => decideAppend(view(stream), expected, proposed),
    write(stream, proposed) {
      const written = writtenStreamOf(stream);
      const { softDeleted, last } = view(written);
      const stored = proposed.map((event) => record(stream, event));
      if (softDeleted) undelete(written, last + 1);
      announce();
      return stored;
    },
    softDelete(stream) {
      const stored = record(metadataStreamOf(stream), deletion(randomUUID()));
      announce();
      return stored;
    },
    tombstone(stream) {
      const stored = record(stream, tombstoneOf(randomUUID()));
      tombstoned.add(stream);
      announce();
      return stored;
    },
    stall: () => (shownCount ??= events.length),
    resume() {
      shownCount = undefined;
      announce();
    },
    held: () => events.length - (shownCount ?? events.length),
    isShown,
    onShown(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
