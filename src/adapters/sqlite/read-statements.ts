import { modelNames, type ModelName } from '../../ports/read-models.js';
import type { Database } from './driver.js';
import { prepareEvents } from './audit-statements.js';
import { ownColumns } from './read-tables.js';

const ROWS_AT_ONCE = 100;

export const REMINDERS_OF_ONE =
  'SELECT * FROM reminders WHERE certification_id = ? AND id > ? ORDER BY id LIMIT ?';
export const REMINDERS_OF_RUN = `SELECT * FROM reminders
  WHERE run_id = @run_id AND (mentor_id, certification_id, id) > (@mentor_id, @certification_id, @id)
  ORDER BY mentor_id, certification_id, id LIMIT @limit`;

/** The statements of each model. */
function prepareAll(db: Database): Record<ModelName, ReturnType<typeof prepare>> {
  return Object.fromEntries(modelNames.map((model) => [model, prepare(db, model)])) as Record<
    ModelName,
    ReturnType<typeof prepare>
  >;
}

function prepare(db: Database, model: ModelName) {
  const own = ownColumns[model].map((column) => column.split(' ')[0] ?? '');
  const columns = ['key', 'version', 'document', 'checksum', ...own];
  const changes = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  return {
    upsert: db.prepare(
      `INSERT INTO ${model} (${columns.join()}) VALUES (${columns.map((column) => `@${column}`).join()})
       ON CONFLICT (key) DO UPDATE SET ${changes.join()} WHERE excluded.version > version`,
    ),
    byKeys: db.prepare(`SELECT * FROM ${model} WHERE key IN (SELECT value FROM json_each(?))`),
    pageAfter: db.prepare(`SELECT * FROM ${model} WHERE id > ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`),
  };
}

export type Statements = ReturnType<typeof openStatements>;

/** The prepared statements of one connection to the file. */
export function openStatements(db: Database) {
  const listed = 'FROM jobs WHERE is_deleted = 0 AND (created_at, key) > (?, ?) ORDER BY created_at, key';
  return {
    db,
    ofModel: prepareAll(db),
    saveCheckpoint: db.prepare(
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, checksum = excluded.checksum`,
    ),
    loadCheckpoint: db.prepare('SELECT checkpoint, checksum FROM checkpoints WHERE name = ?'),
    totalJobs: db.prepare('SELECT listed_jobs FROM totals').pluck(),
    placeAt: db.prepare(
      'SELECT created_at, key FROM jobs WHERE is_deleted = 0 ORDER BY created_at, key LIMIT 1 OFFSET ?',
    ),
    placeAfter: db.prepare(`SELECT created_at, key ${listed} LIMIT 1 OFFSET ?`),
    jobsAfter: db.prepare(
      `SELECT key, version, document, checksum, created_at, is_deleted ${listed} LIMIT ?`,
    ),
    snapshotBefore: db.prepare(
      'SELECT * FROM snapshots WHERE cron_id = ? AND version <= ? ORDER BY version DESC LIMIT 1',
    ),
    runRange: db.prepare(
      `SELECT * FROM runs WHERE cron_id = ? AND run_no BETWEEN ? AND ? ORDER BY run_no DESC`,
    ),
    remindersOfOne: db.prepare(REMINDERS_OF_ONE),
    remindersOfRun: db.prepare(REMINDERS_OF_RUN),
    events: prepareEvents(db),
  };
}
