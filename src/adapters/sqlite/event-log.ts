import type Database from 'better-sqlite3';
import { toTimestamp } from '../../events/timestamp.js';
import type {
  Batch,
  EventLog,
  Outcome,
  RecordedEvent,
  SubscribeOptions,
  Write,
} from '../../ports/event-log.js';
import { createChangeWatch } from './change-watch.js';
import { fromPosition, fromRow, toPosition, toRow, type EventRow } from './event-row.js';
import { openDatabase, type DatabaseKind } from './open-database.js';
import { toStoreError } from './sqlite-error.js';
import { transact, type Waiting } from './transact.js';

const EVENT_LOG: DatabaseKind = {
  what: 'event log',
  applicationId: 0x63_63_6c_67, // "cclg"
  schemaVersion: 1,
  disposable: false,
  synchronous: 'FULL',
  schema: `
    CREATE TABLE events (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      stream TEXT NOT NULL,
      version INTEGER NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL,
      recorded_at TEXT NOT NULL,
      checksum INTEGER NOT NULL,
      UNIQUE (stream, version)
    ) STRICT;
    CREATE TABLE stream_limits (stream TEXT PRIMARY KEY, max_count INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
};

/** A transaction blocks the process while it runs and is synced: longer calls are cut into slices. */
const EVENTS_PER_TRANSACTION = 2_000;
const ROWS_PER_BATCH = 1_000;

interface Queued {
  write: Write;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * The event log in one SQLite file, for any number of processes on one machine. Appends that arrive in the same turn
 * of the event loop share one transaction and so one sync (group commit).
 */
export function openSqliteEventLog(waiting: Waiting): EventLog {
  const { clock, path } = waiting;
  let store = openStore(path, waiting);
  const inMemory = path === ':memory:';
  const watch = createChangeWatch(clock, inMemory ? undefined : () => store.dataVersion());
  const queue: Queued[] = [];
  let flushing = false;

  function guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  async function flush(): Promise<void> {
    flushing = true;
    while (queue.length > 0) {
      await clock.yield();
      await commit(nextSlice(queue));
    }
    flushing = false;
  }

  function rejectQueued(error: unknown): void {
    flushing = false;
    for (const { reject } of queue.splice(0)) reject(error);
  }

  async function commit(slice: readonly Queued[]): Promise<void> {
    try {
      const recordedAt = toTimestamp(clock.now());
      const outcomes = await transact(store.db, waiting, () =>
        slice.map(({ write }) => store.append(write, recordedAt)),
      );
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
    const reopened = inMemory ? undefined : tryTo(() => openStore(path, waiting));
    if (reopened !== undefined) {
      tryTo(() => store.db.close());
      store = reopened;
    }
    for (const { write, resolve, reject } of slice) {
      const found = tryTo(() => store.findRepeat(write));
      if (found === undefined) reject(error);
      else resolve({ kind: 'appended', events: found });
    }
    watch.notify();
  }

  return {
    async append(writes) {
      const outcomes = writes.map(
        (write) => new Promise<Outcome>((resolve, reject) => queue.push({ write, resolve, reject })),
      );
      if (!flushing) flush().catch(rejectQueued);
      return Promise.all(outcomes);
    },
    readStream: (stream, { direction, from, limit }) =>
      Promise.resolve().then(() => guarded(() => store.readStream(stream, direction, from, limit))),
    subscribe: (options) => follow(options),
    head: () => Promise.resolve().then(() => guarded(() => toPosition(store.head()))),
    eventIdAt: (position) =>
      Promise.resolve().then(() => guarded(() => store.eventIdAt(fromPosition(position)))),
    async setMaxCount(stream, count) {
      await transact(store.db, waiting, () => {
        store.setMaxCount(stream, count);
      });
    },
    close: () => Promise.resolve().then(() => void store.db.close()),
  };

  async function* follow({ from, prefixes, signal }: SubscribeOptions): AsyncGenerator<Batch> {
    let position = fromPosition(from);
    let told = false;
    while (!signal.aborted) {
      const seen = watch.generation();
      const batch = guarded(() => store.readBatch(position, prefixes));
      const moved = batch.upper > position;
      position = batch.upper;
      if (moved || !told) {
        told = batch.isLast;
        yield { events: batch.events, position: toPosition(position), caughtUp: batch.isLast };
      }
      if (batch.isLast) await watch.changedSince(seen, signal);
    }
  }
}

function nextSlice(queue: Queued[]): Queued[] {
  let events = 0;
  let end = 0;
  while (
    end < queue.length &&
    (end === 0 || events + (queue[end]?.write.events.length ?? 0) <= EVENTS_PER_TRANSACTION)
  ) {
    events += queue[end]?.write.events.length ?? 0;
    end++;
  }
  return queue.splice(0, end);
}

/** For the way back from a failure, where the first error is the one to report. */
function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** The statements of one connection. */
function openStore(path: string, { ids }: Waiting) {
  const db: Database.Database = openDatabase(path, EVENT_LOG, ids);
  const columns = 'position, stream, version, id, type, data, metadata, recorded_at, checksum';
  const versionOf = db
    .prepare('SELECT version FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1')
    .pluck();
  const insert = db.prepare(
    `INSERT INTO events (stream, version, id, type, data, metadata, recorded_at, checksum)
     VALUES (@stream, @version, @id, @type, @data, @metadata, @recorded_at, @checksum)`,
  );
  const maxCountOf = db.prepare('SELECT max_count FROM stream_limits WHERE stream = ?').pluck();
  const dropOld = db.prepare('DELETE FROM events WHERE stream = ? AND version <= ?');
  const forwards = db.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?`,
  );
  const backwards = db.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND version <= ? ORDER BY version DESC LIMIT ?`,
  );
  const headOf = db.prepare('SELECT max(position) FROM events').pluck();
  const idAt = db.prepare('SELECT id FROM events WHERE position = ?').pluck();
  const window = db.prepare(
    'SELECT max(position) AS upper, count(*) AS rows FROM (SELECT position FROM events WHERE position > ? ORDER BY position LIMIT ?)',
  );
  const setLimit = db.prepare(
    'INSERT INTO stream_limits VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET max_count = excluded.max_count',
  );

  const toEvents = (rows: unknown[]): RecordedEvent[] => rows.map((row) => fromRow(row as EventRow, path));

  function readStream(
    stream: string,
    direction: 'forwards' | 'backwards',
    from: number | undefined,
    limit: number,
  ) {
    if (direction === 'forwards') return toEvents(forwards.all(stream, from ?? 1, limit));
    return toEvents(backwards.all(stream, from ?? Number.MAX_SAFE_INTEGER, limit));
  }

  /** The write's own events, when exactly they stand where it would have put them. */
  function findRepeat({ stream, expectedVersion, events }: Write): RecordedEvent[] | undefined {
    const there = readStream(stream, 'forwards', expectedVersion + 1, events.length);
    const same = there.length === events.length && there.every(({ id }, index) => id === events[index]?.id);
    return same && events.length > 0 ? there : undefined;
  }

  function append(write: Write, recorded_at: string): Outcome {
    const { stream, expectedVersion } = write;
    const current = (versionOf.get(stream) as number | undefined) ?? 0;
    if (current !== expectedVersion) {
      const repeat = current > expectedVersion ? findRepeat(write) : undefined;
      return repeat === undefined
        ? { kind: 'conflict', version: current }
        : { kind: 'appended', events: repeat };
    }
    const events = write.events.map((event, index): RecordedEvent => {
      const version = expectedVersion + index + 1;
      const { lastInsertRowid } = insert.run(toRow(event, { stream, version, recorded_at }));
      return { ...event, stream, version, position: toPosition(Number(lastInsertRowid)), recorded_at };
    });
    const maxCount = maxCountOf.get(stream) as number | undefined;
    if (maxCount !== undefined) dropOld.run(stream, expectedVersion + events.length - maxCount);
    return { kind: 'appended', events };
  }

  function readBatch(after: number, prefixes: readonly string[]) {
    const { upper, rows } = window.get(after, ROWS_PER_BATCH) as { upper: number | null; rows: number };
    if (upper === null) return { events: [], upper: after, isLast: true };
    // The + keeps SQLite on the order of the log instead of the index of the streams.
    const matches = prefixes.map(() => 'substr(+stream, 1, length(?)) = ?').join(' OR ');
    const select = db.prepare(
      `SELECT ${columns} FROM events WHERE position > ? AND position <= ? AND (${matches}) ORDER BY position`,
    );
    const events = toEvents(select.all(after, upper, ...prefixes.flatMap((prefix) => [prefix, prefix])));
    return { events, upper, isLast: rows < ROWS_PER_BATCH };
  }

  return {
    db,
    append,
    findRepeat,
    readStream,
    readBatch,
    head: () => (headOf.get() as number | null) ?? 0,
    eventIdAt: (position: number) => idAt.get(position) as string | undefined,
    setMaxCount(stream: string, count: number) {
      setLimit.run(stream, count);
      const current = (versionOf.get(stream) as number | undefined) ?? 0;
      dropOld.run(stream, current - count);
    },
    dataVersion: () => db.pragma('data_version', { simple: true }) as number,
  };
}
