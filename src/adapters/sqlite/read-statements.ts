import { modelNames, type ModelName } from '../../ports/read-models.js';
import type { Database } from './driver.js';
import { prepareEvents } from './audit-statements.js';
import { noJobs } from './finding-schema.js';
import { prepareJobs } from './job-statements.js';
import { PLACES } from './read-schema.js';
import { prepareRuns } from './run-statements.js';
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
  };
}

/** Of a model, with the names of their rows. Those beside the jobs follow them, but not when they are removed. */
function tablesOf(model: ModelName): (readonly [table: string, row: string])[] {
  if (model !== 'jobs') return [[model, 'id']];
  return [
    ['jobs', 'id'],
    ['listed_jobs', 'rowid'],
    ['job_labels', 'label, key'],
  ];
}

function prepareRemovals(db: Database, model: ModelName, place: string) {
  return tablesOf(model).map(([table, row]) =>
    db.prepare(
      `DELETE FROM ${table}${place} WHERE (${row}) IN (SELECT ${row} FROM ${table}${place} LIMIT ?)`,
    ),
  );
}

/** The statements for the rows in one place. */
export type PlaceStatements = ReturnType<typeof preparePlace>;

function preparePlace(db: Database, place: string) {
  const removals = Object.fromEntries(
    modelNames.map((model) => [model, prepareRemovals(db, model, place)]),
  ) as Record<ModelName, ReturnType<typeof prepareRemovals>>;
  return {
    ofModel: prepareAll(db, place),
    jobs: prepareJobs(db, place),
    runs: prepareRuns(db, place),
    snapshotBefore: db.prepare(
      `SELECT * FROM snapshots${place} WHERE cron_id = ? AND version <= ? ORDER BY version DESC LIMIT 1`,
    ),
    runRange: db.prepare(
      `SELECT * FROM runs${place} WHERE cron_id = ? AND run_no BETWEEN ? AND ? ORDER BY run_no DESC`,
    ),
    remindersOfOne: db.prepare(remindersOfOne(place)),
    remindersOfRun: db.prepare(remindersOfRun(place)),
    events: prepareEvents(db, place),
    /** @returns how many rows of a table were removed at most */
    removeSome: (model: ModelName, most: number): number =>
      Math.max(...removals[model].map((statement) => statement.run(most).changes)),
    /** Without a condition SQLite drops whole pages. */
    empty(model: ModelName): void {
      for (const [table] of tablesOf(model)) db.exec(`DELETE FROM ${table}${place}`);
      if (model === 'jobs') db.exec(noJobs(place));
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
