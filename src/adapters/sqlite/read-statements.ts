import { modelNames, type ModelName } from '../../ports/read-models.js';
import type { Database } from './driver.js';
import { prepareEvents } from './audit-statements.js';
import { PLACES } from './read-schema.js';
import { ownColumns } from './stored-row.js';

const ROWS_AT_ONCE = 100;

export const remindersOfOne = (place = ''): string =>
  `SELECT * FROM reminders${place} WHERE certification_id = ? AND key > ? ORDER BY key LIMIT ?`;
export const remindersOfRun = (place = ''): string => `SELECT * FROM reminders${place}
  WHERE run_id = @run_id AND (mentor_id, certification_id, key) > (@mentor_id, @certification_id, @key)
  ORDER BY mentor_id, certification_id, key LIMIT @limit`;

/** The statements of each model. */
function prepareAll(db: Database, place: string): Record<ModelName, ReturnType<typeof prepare>> {
  return Object.fromEntries(modelNames.map((model) => [model, prepare(db, model, place)])) as Record<
    ModelName,
    ReturnType<typeof prepare>
  >;
}

function prepare(db: Database, model: ModelName, place: string) {
  const table = model + place;
  const own = ownColumns[model].map((column) => column.split(' ')[0] ?? '');
  const columns = ['key', 'version', 'document', 'checksum', ...own];
  const changes = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  return {
    upsert: db.prepare(
      `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((column) => `@${column}`).join()})
       ON CONFLICT (key) DO UPDATE SET ${changes.join()} WHERE excluded.version > version`,
    ),
    byKeys: db.prepare(`SELECT * FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`),
    // By key, which is the same in each generation: a walk may begin in one and end in another.
    pageAfter: db.prepare(`SELECT * FROM ${table} WHERE key > ? ORDER BY key LIMIT ${ROWS_AT_ONCE}`),
    removeSome: db.prepare(`DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} LIMIT ?)`),
  };
}

/** The statements for the rows in one place. */
export type PlaceStatements = ReturnType<typeof preparePlace>;

function preparePlace(db: Database, place: string) {
  const listed = `FROM jobs${place} WHERE is_deleted = 0 AND (created_at, key) > (?, ?) ORDER BY created_at, key`;
  return {
    ofModel: prepareAll(db, place),
    totalJobs: db.prepare(`SELECT listed_jobs FROM totals${place}`).pluck(),
    placeAt: db.prepare(
      `SELECT created_at, key FROM jobs${place} WHERE is_deleted = 0 ORDER BY created_at, key LIMIT 1 OFFSET ?`,
    ),
    placeAfter: db.prepare(`SELECT created_at, key ${listed} LIMIT 1 OFFSET ?`),
    jobsAfter: db.prepare(
      `SELECT key, version, document, checksum, created_at, is_deleted ${listed} LIMIT ?`,
    ),
    snapshotBefore: db.prepare(
      `SELECT * FROM snapshots${place} WHERE cron_id = ? AND version <= ? ORDER BY version DESC LIMIT 1`,
    ),
    runRange: db.prepare(
      `SELECT * FROM runs${place} WHERE cron_id = ? AND run_no BETWEEN ? AND ? ORDER BY run_no DESC`,
    ),
    remindersOfOne: db.prepare(remindersOfOne(place)),
    remindersOfRun: db.prepare(remindersOfRun(place)),
    events: prepareEvents(db, place),
    /** Without a condition SQLite drops whole pages. */
    empty(model: ModelName): void {
      db.exec(`DELETE FROM ${model}${place}`);
      if (model === 'jobs') db.exec(`DELETE FROM totals${place}; INSERT INTO totals${place} VALUES (0)`);
    },
  };
}

export type Statements = ReturnType<typeof openStatements>;

/** The prepared statements of one connection to the file. */
export function openStatements(db: Database) {
  const [even, odd] = PLACES.map((place) => preparePlace(db, place)) as [PlaceStatements, PlaceStatements];
  return {
    db,
    /** Those for the rows of a generation. */
    placeOf: (generation: number): PlaceStatements => (generation % 2 === 0 ? even : odd),
    begin: db.prepare('BEGIN'),
    commit: db.prepare('COMMIT'),
    saveCheckpoint: db.prepare(
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, checksum = excluded.checksum`,
    ),
    loadCheckpoint: db.prepare('SELECT checkpoint, checksum FROM checkpoints WHERE name = ?'),
    forgetCheckpoints: db.prepare('DELETE FROM checkpoints'),
  };
}
