import { modelNames, type ModelName } from '../../ports/read-models.js';
import { jobsSchema, runsSchema } from './finding-schema.js';
import type { DatabaseKind } from './open-database.js';
import { ownColumns } from './stored-row.js';

/** What the names in a place of rows end with. There are two: even generations are in the first one, odd ones in the other. */
export const PLACES = ['', '_b'] as const;

const tableOf = (model: ModelName, place: string): string => {
  const own = ownColumns[model].map((column) => `, ${column} NOT NULL`).join('');
  return `CREATE TABLE ${model}${place} (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    document TEXT NOT NULL, checksum INTEGER NOT NULL${own}) STRICT;`;
};

/**
 * Events of the audit are found by what a question may name: a range of keys for each type in question, behind its actor,
 * its job, or both. By job only what is rare, since events of many jobs at once would touch as many pages of an index.
 */
const auditIndexes = (place: string): string => `
  CREATE INDEX audit_by_type${place} ON audit${place} (type, key);
  CREATE INDEX audit_by_actor${place} ON audit${place} (actor, type, key);
  CREATE INDEX audit_by_job${place} ON audit${place} (cron_id, type, key) WHERE is_routine = 0;
  CREATE INDEX audit_by_job_and_actor${place} ON audit${place} (cron_id, actor, type, key) WHERE is_routine = 0;`;

const schemaOf = (place: string): string => `
  ${modelNames.map((model) => tableOf(model, place)).join('\n')}
  ${jobsSchema(place)}
  CREATE INDEX snapshots_of_job${place} ON snapshots${place} (cron_id, version);
  CREATE INDEX runs_of_job${place} ON runs${place} (cron_id, run_no);
  CREATE INDEX reminders_of_certification${place} ON reminders${place} (certification_id, key);
  CREATE INDEX reminders_of_run${place} ON reminders${place} (run_id, mentor_id, certification_id, key);
  ${runsSchema(place)}
  ${auditIndexes(place)}`;

/** The tables follow from the models: a file without one of them is made anew, so a new model needs no new version. */
const READ_SCHEMA = `
  ${PLACES.map(schemaOf).join('\n')}
  CREATE TABLE checkpoints (name TEXT PRIMARY KEY, checkpoint TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/** The file of the read models. */
export const READ_STORE: DatabaseKind = {
  what: 'read store',
  applicationId: 0x63_63_72_64, // "ccrd"
  schemaVersion: 6,
  disposable: true,
  // A power cut loses rows and checkpoint together: the rows are projected again.
  synchronous: 'NORMAL',
  // Rows have random keys, so each transaction touches many pages: with 200 commits take a third longer. The longest takes 10 ms.
  checkpointPages: 500,
  schema: READ_SCHEMA,
};
