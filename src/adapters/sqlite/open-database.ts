import { Database } from './driver.js';
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ids } from '../../ports/ids.js';
import { StoreError } from '../../ports/store-error.js';
import { codeOf, DAMAGED, toStoreError } from './sqlite-error.js';

export interface DatabaseKind {
  /** For messages: "event log". */
  what: string;
  /** Written into the file's header: tells our files from those of other programs, and from each other. */
  applicationId: number;
  /** Raised with each change of `schema`. */
  schemaVersion: number;
  schema: string;
  /**
   * Whether the file can be rebuilt from the log. Then one of an older version, or without one of the tables or indexes,
   * is emptied. Any other file needs a migration from each earlier version.
   */
  disposable: boolean;
  /**
   * By the version that a file has: turns it into the next one. All that a file needs run in one transaction, so a
   * process that is killed meanwhile leaves it as it was, and another one that opens it waits.
   */
  migrations?: Readonly<Record<number, (db: Database) => void>>;
  /** FULL: a commit survives a power cut. NORMAL: the last ones may be lost, the file stays sound. */
  synchronous: 'FULL' | 'NORMAL';
  /**
   * Whoever commits when the write-ahead log has so many pages moves them into the file, and syncs it. Few: often and
   * briefly. Many: a page that changes again and again is moved once.
   */
  checkpointPages: number;
}

/** Before this one, two connections could damage a write-ahead log (sqlite.org/wal.html, "WAL-reset bug"). */
const MINIMAL_SQLITE = [3, 51, 3];
/** Up to this size a file is checked as a whole on every start: 2 ms for each MiB. Events are checked on every read. */
const CHECKED_ON_START_BYTES = 48 * 1024 * 1024;
/** A call must not wait for a lock: it would stop everything else in the process. See transact.ts. */
const BUSY_TIMEOUT_MS = 1;
const OPENING_TIMEOUT_MS = 5_000;
/** Another process may be converting the file: a million records take some seconds, on a slow disk many. */
const MIGRATION_TIMEOUT_MS = 300_000;
/** Names of mentors and their certifications are nobody else's business on this machine, whatever the umask. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Opens a database file with a write-ahead log; creates it if missing.
 * @throws StoreError whose code distinguishes a damaged, foreign, newer and unwritable file
 */
export function openDatabase(path: string, kind: DatabaseKind, ids: Ids): Database {
  try {
    if (path === ':memory:') return createSchema(new Database(path), kind);
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    if (!existsSync(path)) createFile(path, kind, ids);
    return openFile(path, kind);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

/** The write-ahead log of a file that is gone would be played into the new one. */
function removeRest(path: string, { what, disposable }: DatabaseKind): void {
  const rest = `${path}-wal`;
  if (!existsSync(rest) || statSync(rest).size === 0) return;
  if (!disposable) {
    const advice = `put ${path} back beside it, or restore a backup and remove ${rest}`;
    throw new StoreError(
      'store_damaged',
      `${path}: is missing, but the end of the ${what} is in ${rest}: ${advice}`,
    );
  }
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** A new file gets its name only when it is whole: a crash leaves no half-made one, and an empty one is never ours. */
function createFile(path: string, kind: DatabaseKind, ids: Ids): void {
  removeRest(path, kind);
  const draft = `${path}.${ids.uuid()}.new`;
  try {
    const db = createSchema(new Database(draft), kind);
    // The header of the file says so from now on. Of two processes that set it at once later, one would fail at once.
    db.pragma('journal_mode = WAL');
    db.close();
    keepPrivate(draft);
    linkSync(draft, path);
  } catch (error) {
    // Another process was quicker: its file is as good.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  }
}

/** SQLite gives the files beside it the same permissions (sqlite3.c, findCreateFileMode). */
function keepPrivate(path: string): void {
  if ((statSync(path).mode & 0o777) === FILE_MODE) return;
  try {
    chmodSync(path, FILE_MODE);
  } catch (error) {
    // Another user's file that is shared with us, or a file system without permissions: it can be used all the same.
    if (!/^E(PERM|ROFS|ACCES|NOTSUP)$/.test(codeOf(error))) throw error;
  }
}

function createSchema(db: Database, kind: DatabaseKind): Database {
  db.exec(kind.schema);
  db.pragma(`application_id = ${kind.applicationId}`);
  db.pragma(`user_version = ${kind.schemaVersion}`);
  return db;
}

function openFile(path: string, kind: DatabaseKind): Database {
  if (statSync(path).size === 0) {
    throw new StoreError('store_damaged', `${path}: ${DAMAGED} (it is empty, but the ${kind.what} never is)`);
  }
  keepPrivate(path);
  const db = new Database(path, { fileMustExist: true, timeout: OPENING_TIMEOUT_MS });
  try {
    assertSqliteVersion(db);
    const applicationId = db.pragma('application_id', { simple: true }) as number;
    if (applicationId !== kind.applicationId) {
      throw new StoreError(
        'store_foreign',
        `${path}: belongs to another program (it is no ${kind.what} of certification-cron)`,
      );
    }
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${kind.synchronous}`);
    db.pragma('journal_size_limit = 67108864');
    db.pragma(`wal_autocheckpoint = ${kind.checkpointPages}`);
    checkSchemaVersion(db, path, kind);
    checkPages(db, path);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertSqliteVersion(db: Database): void {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const numbers = version.split('.').map(Number);
  const at = MINIMAL_SQLITE.findIndex((minimal, index) => numbers[index] !== minimal);
  if (at >= 0 && (numbers[at] ?? 0) < (MINIMAL_SQLITE[at] ?? 0)) {
    throw new Error(`SQLite ${version} is too old: ${MINIMAL_SQLITE.join('.')} or later is needed`);
  }
}

function checkSchemaVersion(db: Database, path: string, kind: DatabaseKind): void {
  const version = versionOf(db);
  if (version === kind.schemaVersion && (!kind.disposable || isWhole(db, kind))) return;
  if (version > kind.schemaVersion) {
    throw new StoreError(
      'store_newer',
      `${path}: was written by a newer version of this service (format ${version}, known up to ${kind.schemaVersion}): upgrade`,
    );
  }
  if (!kind.disposable) {
    migrate(db, path, kind);
    return;
  }
  db.transaction(() => {
    // Another process may have been quicker.
    if (versionOf(db) === kind.schemaVersion) {
      if (isWhole(db, kind)) return;
    }
    for (const { type, name } of namesIn(db)) if (type === 'table') db.exec(`DROP TABLE "${name}"`);
    createSchema(db, kind);
  }).immediate();
}

function migrate(db: Database, path: string, { migrations = {}, schemaVersion }: DatabaseKind): void {
  db.pragma(`busy_timeout = ${MIGRATION_TIMEOUT_MS}`);
  db.transaction(() => {
    // Another process may have been quicker, so the version is read again.
    for (let version = versionOf(db); version < schemaVersion; version++) {
      const step = migrations[version];
      if (step === undefined)
        throw new StoreError('store_damaged', `${path}: has format ${version}, which never existed`);
      step(db);
      db.pragma(`user_version = ${version + 1}`);
    }
  }).immediate();
}

function versionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Whether everything that the schema creates is there: a new model has none of it yet. */
function isWhole(db: Database, { schema }: DatabaseKind): boolean {
  const there = new Set(namesIn(db).map(({ name }) => name));
  return [...schema.matchAll(/CREATE (?:TABLE|INDEX|TRIGGER) (\w+)/g)].every(([, name = '']) =>
    there.has(name),
  );
}

function namesIn(db: Database): { type: string; name: string }[] {
  return db.prepare("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all() as {
    type: string;
    name: string;
  }[];
}

function checkPages(db: Database, path: string): void {
  if (statSync(path).size > CHECKED_ON_START_BYTES) return;
  const found = db.pragma('integrity_check(1)', { simple: true }) as string;
  if (found !== 'ok') throw new StoreError('store_damaged', `${path}: ${DAMAGED} (${found})`);
}
