import { toTimestamp } from '../../events/timestamp.js';
import type {
  Batch,
  EventLog,
  Outcome,
  Position,
  RecordedEvent,
  SubscribeOptions,
} from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { createChangeWatch } from './change-watch.js';
import { openEventLogStore } from './event-log-store.js';
import { toPayload } from './event-row.js';
import { nextSlice, type Call, type Queued } from './next-slice.js';
import { watchFile } from './file-watch.js';
import { transact, whenFree, type Waiting } from './transact.js';

/** A consumer works better on many events at a time: 1,000 at most. */
const PARTS_PER_BATCH = 5;

/**
 * The event log in one SQLite file, for any number of processes on one machine. Appends that arrive in the same turn
 * of the event loop share one transaction and so one sync (group commit).
 */
export function openSqliteEventLog(waiting: Waiting): EventLog {
  const { clock, ids, path, onLost } = waiting;
  const inMemory = path === ':memory:';
  let store = openEventLogStore(path, ids);
  const watch = createChangeWatch(clock, inMemory ? undefined : () => store.dataVersion());
  const file = watchFile({ path, clock, onLost }, store.db);
  /** Those with writes that are still to be committed. */
  const calls: Call[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  const read = <T>(ask: () => T): Promise<T> =>
    whenFree(waiting, () => {
      assertOpen();
      return ask();
    });

  function assertOpen(): void {
    if (closed) throw new StoreError('store_unavailable', `${path}: has been closed`);
  }

  async function flush(): Promise<void> {
    try {
      while (calls.length > 0) {
        await clock.yield();
        await commit(nextSlice(calls));
      }
    } finally {
      flushing = undefined;
    }
  }

  async function commit(slice: readonly Queued[]): Promise<void> {
    try {
      const recordedAt = toTimestamp(clock.now());
      const work = (): Outcome[] => slice.map(({ write }) => store.append(write, recordedAt));
      const outcomes = await transact(() => store.db, waiting, work, { file, isUrgent: true });
      watch.notify();
      slice.forEach(({ resolve }, index) => {
        const outcome = outcomes[index];
        if (outcome !== undefined) resolve(outcome);
      });
    } catch (error) {
      afterFailure(slice, error);
    }
  }

  /** After a failed commit only the file knows what is in it: a new connection reads it back. */
  function afterFailure(slice: readonly Queued[], error: unknown): void {
    if (!isThere()) {
      for (const { reject } of slice) reject(error);
      return;
    }
    const reopened = inMemory ? undefined : tryTo(() => openEventLogStore(path, ids));
    if (reopened !== undefined) {
      tryTo(() => store.db.close());
      store = reopened;
      file.reconnected(store.db);
    }
    for (const { write, resolve, reject } of slice) {
      const found = tryTo(() => store.findRepeat(write));
      if (found === undefined) reject(error);
      else resolve({ kind: 'appended', events: found });
    }
    watch.reconnected();
  }

  /** When it is not, another connection would make a new file, and find nothing in it. */
  function isThere(): boolean {
    return tryTo(() => (file.assertThere(), true)) ?? false;
  }

  async function readBatch(
    from: Position,
    prefixes: readonly string[],
  ): Promise<ReturnType<typeof store.readPart>> {
    const events: RecordedEvent[] = [];
    let position = from;
    let isLast = false;
    for (let parts = 0; parts < PARTS_PER_BATCH && !isLast; parts++) {
      const part = await read(() => store.readPart(position, prefixes));
      events.push(...part.events);
      ({ position, isLast } = part);
    }
    return { events, position, isLast };
  }

  async function* follow({ from, prefixes, signal }: SubscribeOptions): AsyncGenerator<Batch> {
    let position = from;
    let told = false;
    while (!signal.aborted && !closed) {
      const seen = watch.generation();
      const batch = await readBatch(position, prefixes);
      const moved = batch.position !== position;
      position = batch.position;
      if (moved || !told) {
        told = batch.isLast;
        yield { events: batch.events, position, caughtUp: batch.isLast };
      }
      await (batch.isLast ? watch.changedSince(seen, signal) : clock.yield());
    }
  }

  return {
    hasOwnClock: false,
    async append(writes) {
      assertOpen();
      const prepared = writes.map((write) => ({ ...write, payloads: write.events.map(toPayload) }));
      const queued: Queued[] = [];
      const outcomes = prepared.map(
        (write) => new Promise<Outcome>((resolve, reject) => queued.push({ write, resolve, reject })),
      );
      if (queued.length > 0) {
        calls.push({ writes: queued, done: 0 });
        flushing ??= flush();
      }
      // Nothing of this call may still be written after it has failed.
      await Promise.allSettled(outcomes);
      return Promise.all(outcomes);
    },
    readStream: (stream, { direction, from, limit }) =>
      read(() => store.readStream(stream, direction, from, limit)),
    subscribe: follow,
    head: () => read(() => store.head()),
    eventIdAt: (position) => read(() => store.eventIdAt(position)),
    async setMaxCount(stream, count) {
      if (!Number.isInteger(count) || count < 1)
        throw new RangeError('a stream keeps at least its last event');
      assertOpen();
      await transact(
        () => store.db,
        waiting,
        () => store.setMaxCount(stream, count),
        { file },
      );
    },
    async close() {
      closed = true;
      watch.notify();
      await flushing;
      file.stop();
      store.db.close();
    },
  };
}

/** For recovery from a failure, where the first error is the one to report. */
function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
