import { modelNames } from '../../ports/read-models.js';
import type { Database } from './driver.js';
import type { DatabaseKind } from './open-database.js';
import { readTables } from './read-tables.js';

/**
 * The index of events came later than the others. Each row of the table is found by what a question may name: a range of
 * keys for each type in question, behind its actor, its job, or both. By job only what is rare, since events of many jobs at
 * once would touch as many pages of an index.
 */
const AUDIT_SCHEMA = `
  ${readTables.audit}
  CREATE INDEX audit_by_type ON audit (type, key);
  CREATE INDEX audit_by_actor ON audit (actor, type, key);
  CREATE INDEX audit_by_job ON audit (cron_id, type, key) WHERE is_routine = 0;
  CREATE INDEX audit_by_job_and_actor ON audit (cron_id, actor, type, key) WHERE is_routine = 0;`;

/**
 * Gives a file of an earlier version the index of events, empty and to be projected from the beginning. Nothing else in it
 * is made anew, and the earlier version can go on with it.
 */
function addAuditTable(db: Database): void {
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit'").get();
  const isOurs = db
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'checkpoints'")
    .get();
  if (isThere !== undefined || isOurs === undefined) return;
  db.exec(AUDIT_SCHEMA);
  db.exec("DELETE FROM checkpoints WHERE name = 'audit'");
}

/** The tables follow from the models: a file without one of the first ones is made anew. */
const READ_SCHEMA = `
  ${modelNames
    .filter((model) => model !== 'audit')
    .map((model) => readTables[model])
    .join('\n')}
  ${AUDIT_SCHEMA}
  CREATE TABLE checkpoints (name TEXT PRIMARY KEY, checkpoint TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_in_order ON jobs (created_at, key) WHERE is_deleted = 0;
  CREATE INDEX snapshots_of_job ON snapshots (cron_id, version);
  CREATE INDEX runs_of_job ON runs (cron_id, run_no);
  CREATE INDEX reminders_of_certification ON reminders (certification_id);
  CREATE INDEX reminders_of_run ON reminders (run_id, mentor_id, certification_id);
  CREATE TABLE totals (listed_jobs INTEGER NOT NULL) STRICT;
  INSERT INTO totals VALUES (0);
  CREATE TRIGGER job_came AFTER INSERT ON jobs WHEN new.is_deleted = 0
    BEGIN UPDATE totals SET listed_jobs = listed_jobs + 1; END;
  CREATE TRIGGER job_changed AFTER UPDATE ON jobs WHEN new.is_deleted <> old.is_deleted
    BEGIN UPDATE totals SET listed_jobs = listed_jobs + old.is_deleted - new.is_deleted; END;`;

/** The file of the read models. */
export const READ_STORE: DatabaseKind = {
  what: 'read store',
  applicationId: 0x63_63_72_64, // "ccrd"
  schemaVersion: 4,
  disposable: true,
  // A power cut loses rows and checkpoint together: the rows are projected again.
  synchronous: 'NORMAL',
  schema: READ_SCHEMA,
  addLater: addAuditTable,
};
