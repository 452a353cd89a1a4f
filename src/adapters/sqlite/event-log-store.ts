import type { Database } from './driver.js';
import type { Ids } from '../../ports/ids.js';
import type { Outcome, Position, RecordedEvent, Write } from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import {
  assertIntact,
  fromPosition,
  fromRow,
  toPosition,
  toRow,
  type EventRow,
  type Payload,
} from './event-row.js';
import { openDatabase, type DatabaseKind } from './open-database.js';

const EVENT_LOG: DatabaseKind = {
  what: 'event log',
  applicationId: 0x63_63_6c_67, // "cclg"
  schemaVersion: 1,
  disposable: false,
  synchronous: 'FULL',
  checkpointPages: 200,
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

/** Read, checked and parsed at a stretch: about 1 ms. */
const ROWS_AT_ONCE = 200;

/** A write with serialized events: one that cannot be serialized fails alone, before the transaction. */
export interface PreparedWrite extends Write {
  payloads: readonly Payload[];
}

export type EventLogStore = ReturnType<typeof openEventLogStore>;

/** The statements of one connection to the log's file; each is synchronous. */
export function openEventLogStore(path: string, ids: Ids) {
  const db: Database = openDatabase(path, EVENT_LOG, ids);
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
    'SELECT * FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?',
  );
  const backwards = db.prepare(
    'SELECT * FROM events WHERE stream = ? AND version <= ? ORDER BY version DESC LIMIT ?',
  );
  const after = db.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?');
  const headOf = db.prepare('SELECT max(position) FROM events').pluck();
  const idAt = db.prepare('SELECT id FROM events WHERE position = ?').pluck();
  const setLimit = db.prepare(
    'INSERT INTO stream_limits VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET max_count = excluded.max_count',
  );

  const currentVersion = (stream: string): number => (versionOf.get(stream) as number | undefined) ?? 0;

  function readStream(
    stream: string,
    direction: 'forwards' | 'backwards',
    from: number | undefined,
    limit: number,
  ) {
    const most = Math.min(limit, Number.MAX_SAFE_INTEGER);
    const rows = (
      direction === 'forwards'
        ? forwards.all(stream, from ?? 1, most)
        : backwards.all(stream, from ?? Number.MAX_SAFE_INTEGER, most)
    ) as EventRow[];
    rows.forEach((row, index) => {
      assertIntact(row, path);
      const before = rows[index - 1];
      if (before !== undefined && Math.abs(row.version - before.version) !== 1)
        throw lostEvent(stream, row.version);
    });
    return rows.map((row) => fromRow(row, path));
  }

  function lostEvent(stream: string, version: number): StoreError {
    const where = `${path}: events of ${stream} next to version ${version} are missing`;
    return new StoreError('store_damaged', `${where}: the file is damaged, restore it from a backup`);
  }

  /** The write's own events, if exactly these are already stored at its place in the stream. */
  function findRepeat({ stream, expectedVersion, events }: Write): RecordedEvent[] | undefined {
    const there = readStream(stream, 'forwards', expectedVersion + 1, events.length);
    const same = there.length === events.length && there.every(({ id }, index) => id === events[index]?.id);
    return same && events.length > 0 ? there : undefined;
  }

  function append(write: PreparedWrite, recorded_at: string): Outcome {
    const { stream, expectedVersion, payloads } = write;
    const current = currentVersion(stream);
    if (current !== expectedVersion) {
      const repeat = current > expectedVersion ? findRepeat(write) : undefined;
      return repeat === undefined
        ? { kind: 'conflict', version: current }
        : { kind: 'appended', events: repeat };
    }
    const positions = payloads.map((payload, index) => {
      const row = toRow(payload, { stream, version: expectedVersion + index + 1, recorded_at });
      return Number(insert.run(row).lastInsertRowid);
    });
    const maxCount = maxCountOf.get(stream) as number | undefined;
    if (maxCount !== undefined) dropOld.run(stream, expectedVersion + payloads.length - maxCount);
    const events = write.events.map((event, index) => ({
      ...event,
      stream,
      version: expectedVersion + index + 1,
      position: toPosition(positions[index] ?? 0),
      recorded_at,
    }));
    return { kind: 'appended', events };
  }

  /** The next part of the log. Verifies every row before filtering: a damaged stream name could hide an event. */
  function readPart(from: Position, prefixes: readonly string[]) {
    const rowid = fromPosition(from);
    if (rowid === undefined)
      throw new StoreError('store_damaged', `${path}: ${from} is no position of this log`);
    const rows = after.all(rowid, ROWS_AT_ONCE) as EventRow[];
    for (const row of rows) assertIntact(row, path);
    const last = rows.at(-1);
    return {
      events: rows
        .filter(({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix)))
        .map((row) => fromRow(row, path)),
      position: last === undefined ? from : toPosition(last.position),
      isLast: rows.length < ROWS_AT_ONCE,
    };
  }

  return {
    db,
    append,
    findRepeat,
    readStream,
    readPart,
    head: () => toPosition((headOf.get() as number | null) ?? 0),
    eventIdAt: (position: Position) => idAt.get(fromPosition(position) ?? 0) as string | undefined,
    setMaxCount(stream: string, count: number) {
      setLimit.run(stream, count);
      dropOld.run(stream, currentVersion(stream) - count);
    },
    dataVersion: () => db.pragma('data_version', { simple: true }) as number,
  };
}
