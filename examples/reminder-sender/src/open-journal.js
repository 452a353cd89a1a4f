import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Node.js 22.14 and later have it. Version 13 of the driver needs it, and crashes a process without it. */
const NODE_API_NEEDED = 10;
const driver = Number(process.versions.napi) >= NODE_API_NEEDED ? 'better-sqlite3' : 'better-sqlite3-node20';
const { default: Database } = /** @type {{ default: typeof import('better-sqlite3') }} */ (
  await import(driver)
);

const APPLICATION_ID = 0x72_6d_73_6e;
const SCHEMA_VERSION = 1;
/** Another process commits in milliseconds, or opens the file for the first time. */
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
  CREATE TABLE journal (id TEXT NOT NULL) STRICT;

  -- Each message that asks for a reminder, once. One that asks again for the same is a repeat, and never mailed.
  CREATE TABLE reminders (
    event_id TEXT PRIMARY KEY,
    certification_id TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    threshold_days INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    mentor_id TEXT NOT NULL,
    data TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    is_repeat INTEGER NOT NULL,
    mail_id TEXT
  ) STRICT;
  CREATE UNIQUE INDEX reminders_once ON reminders (certification_id, expires_at, threshold_days) WHERE is_repeat = 0;
  CREATE INDEX reminders_waiting ON reminders (run_id, mentor_id) WHERE is_repeat = 0 AND mail_id IS NULL;
  CREATE INDEX reminders_of_mail ON reminders (mail_id);

  -- Those that have ended: nothing of them is waited for.
  CREATE TABLE runs (run_id TEXT PRIMARY KEY, closed_at INTEGER NOT NULL) STRICT;

  CREATE TABLE mails (
    mail_id TEXT PRIMARY KEY,
    mentor_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'finishing', 'sent', 'in_doubt', 'set_aside')),
    planned_at INTEGER NOT NULL,
    -- Nobody begins to send it before; set when somebody does.
    not_before INTEGER NOT NULL,
    -- The process that has begun last.
    owner TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    finishing_at INTEGER,
    sent_at INTEGER,
    -- What the mail server said last, or why the mail is where it is.
    reason TEXT
  ) STRICT;
  CREATE INDEX mails_due ON mails (state, not_before);
  CREATE INDEX mails_of_run ON mails (run_id, mentor_id);

  -- Messages that nobody can understand, as they came.
  CREATE TABLE messages_aside (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" TEXT NOT NULL,
    message_key BLOB,
    headers TEXT NOT NULL,
    value BLOB,
    reason TEXT NOT NULL,
    aside_at INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
  ) STRICT;
`;

/**
 * @typedef {object} Journal
 * @property {string} id made with the file
 * @property {import('better-sqlite3').Database} db
 */

/**
 * Opens the journal; makes it where there is none. Whatever a transaction has written survives a crash of the process and
 * of the machine. Processes of one machine may share it.
 * @param {string} path
 * @returns {Journal}
 */
export function openJournal(path) {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  if (path !== ':memory:') chmodSync(path, 0o600);
  useWriteAheadLog(db);
  db.pragma('synchronous = FULL');
  const id = db.transaction(() => prepare(db, path)).immediate();
  return { id, db };
}

/**
 * SQLite does not wait for the lock that this takes in a new file: of two processes that make it at once, one would fail.
 * @param {import('better-sqlite3').Database} db
 */
function useWriteAheadLog(db) {
  for (const began = Date.now(); ;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!isBusy || Date.now() - began > BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/**
 * @param {import('better-sqlite3').Database} db
 * @param {string} path
 * @returns {string} the id
 */
function prepare(db, path) {
  const application = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true });
  if (application === 0 && version === 0) {
    db.exec(SCHEMA);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    db.prepare('INSERT INTO journal VALUES (?)').run(randomUUID());
  } else if (application !== APPLICATION_ID || version !== SCHEMA_VERSION) {
    throw new Error(`${path} is not a journal of this version of the sender`);
  }
  return /** @type {string} */ (db.prepare('SELECT id FROM journal').pluck().get());
}
