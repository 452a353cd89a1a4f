import { toTimestamp } from '../../events/timestamp.js';
import type { Clock } from '../../ports/clock.js';
import { expiresDay } from '../../ports/expires-day.js';
import type { Database } from './driver.js';
import type { DatabaseKind } from './open-database.js';

/**
 * The columns take any value but NULL for a key, as those of a shared document store would: the check reports what it
 * cannot read. The table itself is in the order of the walk. `labels` is a list in JSON. `expires_day` is NULL where
 * `expires_at` cannot be read or the id has no place among texts: such a record is in no list.
 */
const TABLE = `
  CREATE TABLE registry_records (mentor_id NOT NULL, certification_id TEXT NOT NULL UNIQUE, expires_at, type,
    labels NOT NULL DEFAULT '[]', status NOT NULL DEFAULT 'active', renewable_from, expires_day INTEGER,
    source TEXT NOT NULL, PRIMARY KEY (mentor_id, certification_id)) WITHOUT ROWID;`;

/** A list asks only this index about the records that it passes over. */
const INDEX = `
  CREATE INDEX registry_by_expiry ON registry_records (expires_day, certification_id, type, status, labels);`;

/** Counted as they are written: to count a million rows when asked would block the process. */
const COUNTS = `
  CREATE TABLE registry_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), total INTEGER NOT NULL,
    active INTEGER NOT NULL, suspended INTEGER NOT NULL, withdrawn INTEGER NOT NULL, last_changed_at TEXT);
  INSERT INTO registry_state SELECT 1, count(*), ifnull(sum(status IS 'active'), 0), ifnull(sum(status IS 'suspended'), 0),
    ifnull(sum(status IS 'withdrawn'), 0), NULL FROM registry_records;
  CREATE TRIGGER registry_inserted AFTER INSERT ON registry_records BEGIN
    UPDATE registry_state SET total = total + 1, active = active + (NEW.status IS 'active'),
      suspended = suspended + (NEW.status IS 'suspended'), withdrawn = withdrawn + (NEW.status IS 'withdrawn');
  END;
  CREATE TRIGGER registry_deleted AFTER DELETE ON registry_records BEGIN
    UPDATE registry_state SET total = total - 1, active = active - (OLD.status IS 'active'),
      suspended = suspended - (OLD.status IS 'suspended'), withdrawn = withdrawn - (OLD.status IS 'withdrawn');
  END;
  CREATE TRIGGER registry_updated AFTER UPDATE OF status ON registry_records WHEN OLD.status IS NOT NEW.status BEGIN
    UPDATE registry_state SET active = active + (NEW.status IS 'active') - (OLD.status IS 'active'),
      suspended = suspended + (NEW.status IS 'suspended') - (OLD.status IS 'suspended'),
      withdrawn = withdrawn + (NEW.status IS 'withdrawn') - (OLD.status IS 'withdrawn');
  END;`;

/**
 * @param onConvert called before a file of an earlier version is converted, which takes seconds for a million records;
 *   with their number
 */
export function registryKind(clock: Clock, onConvert: (records: number) => void): DatabaseKind {
  return {
    what: 'certification registry',
    applicationId: 0x63_63_72_67, // "ccrg"
    schemaVersion: 2,
    disposable: false,
    synchronous: 'FULL',
    checkpointPages: 200,
    schema: TABLE + INDEX + COUNTS,
    migrations: {
      1: (db) => {
        onConvert(db.prepare('SELECT count(*) FROM certifications').pluck().get() as number);
        convertFirstVersion(db);
        db.prepare('UPDATE registry_state SET last_changed_at = ? WHERE total > 0').run(
          toTimestamp(clock.now()),
        );
      },
    },
  };
}

/**
 * Version 1 had `certifications (certification_id TEXT PRIMARY KEY, mentor_id, expires_at, source TEXT NOT NULL)`. The
 * table gets another name: a process of that version that has the file open must fail, and not write what is in no list.
 */
function convertFirstVersion(db: Database): void {
  db.function('day_in_lists', { deterministic: true }, dayInLists);
  db.exec(`${TABLE}
    INSERT INTO registry_records (mentor_id, certification_id, expires_at, expires_day, source)
      SELECT ifnull(mentor_id, ''), certification_id, expires_at,
        day_in_lists(expires_at, certification_id, octet_length(certification_id)), source
      FROM certifications ORDER BY ifnull(mentor_id, ''), certification_id;
    DROP TABLE certifications;
    ${INDEX} ${COUNTS}`);
}

/**
 * @param octets of the id as stored: half a surrogate pair, which earlier versions let in, comes out as another text
 * @returns null for a record that is in no list
 */
function dayInLists(expiresAt: unknown, id: unknown, octets: unknown): number | null {
  if (typeof id !== 'string' || Buffer.byteLength(id) !== octets) return null;
  return expiresDay(expiresAt) ?? null;
}
