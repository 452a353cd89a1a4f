import type { JobSort } from '../../ports/job-list.js';
import type { Database } from './driver.js';

/** Which jobs a list may hold, by whether they are deleted. */
export type Presence = readonly (0 | 1)[];
/** A few jobs among which those that fit are looked for. */
export type Few = 'traits' | 'keys' | 'label' | 'due';

/** `+` keeps SQLite from an index: which one serves is said by who asks. */
const FILTERS = `+traits IN (SELECT value FROM json_each(@traits))
  AND (@due IS NULL OR +next_run_at < @due) AND (@notDue IS NULL OR +next_run_at >= @notDue)
  AND (@name IS NULL OR instr(name, @name) > 0)`;
const filtersIn = (place: string): string => `${FILTERS}
  AND (@label IS NULL OR EXISTS (
    SELECT 1 FROM job_labels${place} AS l WHERE l.label = @label AND l.key = listed_jobs${place}.key))
  AND (@labels IS NULL OR NOT EXISTS (
    SELECT 1 FROM json_each(@labels) AS asked WHERE NOT EXISTS (
      SELECT 1 FROM job_labels${place} AS l WHERE l.label = asked.value AND l.key = listed_jobs${place}.key)))`;

const few = (place: string): Record<Few, string> => ({
  traits: 'traits IN (SELECT value FROM json_each(@traits))',
  keys: 'key IN (SELECT value FROM json_each(@keys))',
  label: `key IN (SELECT key FROM job_labels${place} WHERE label = @few)`,
  due: 'is_deleted = 0 AND next_run_at < @due',
});

/** The texts of the statements in one order; `@value` and `@key` are a place, `@endValue` and `@endKey` another one. */
function textsOf(sort: JobSort, isDescending: boolean, place: string) {
  const [beyond, within, order] = isDescending ? ['<', '>=', 'DESC'] : ['>', '<=', 'ASC'];
  const table = `listed_jobs${place}`;
  const filters = filtersIn(place);
  const inOrder = (presence: Presence, condition: string): string =>
    `${presence
      .map(
        (
          isDeleted,
        ) => `SELECT ${sort} AS value, key FROM ${table} INDEXED BY ${isDeleted === 1 ? 'deleted' : 'jobs'}_by_${sort}${place}
          WHERE is_deleted = ${isDeleted} AND ${condition}`,
      )
      .join(' UNION ALL ')} ORDER BY 1 ${order}, 2 ${order}`;
  const from = `(${sort}, key) ${beyond} (@value, @key)`;
  return {
    first: (presence: Presence) => `${inOrder(presence, 'TRUE')} LIMIT 1 OFFSET @passed - 1`,
    passed: (presence: Presence) => `${inOrder(presence, from)} LIMIT 1 OFFSET @passed - 1`,
    all: (presence: Presence) => `${inOrder(presence, from)} LIMIT @limit`,
    fitting: (presence: Presence) =>
      `${inOrder(presence, `${from} AND (${sort}, key) ${within} (@endValue, @endKey) AND ${filters}`)} LIMIT @limit`,
    among: (set: Few) => `SELECT ${sort} AS value, key FROM ${table} WHERE ${few(place)[set]} AND ${filters}
      AND (+${sort}, +key) ${beyond} (@value, @key) ORDER BY +${sort} ${order}, +key ${order} LIMIT @limit OFFSET @offset`,
  };
}

type Statement = ReturnType<Database['prepare']>;

/** The statements of a list in one order: each takes a place, by `@value` and `@key`. */
export interface OrderStatements {
  /** The entry that so many are before or at, from the beginning: `@passed`. */
  first: (presence: Presence) => Statement;
  /** The same from a place on. */
  passed: (presence: Presence) => Statement;
  /** All jobs from a place on: `@limit`. */
  all: (presence: Presence) => Statement;
  /** Those that fit, up to another place: `@endValue`, `@endKey`. */
  fitting: (presence: Presence) => Statement;
  /** Those that fit among a few, which are sorted. */
  among: (set: Few) => Statement;
}

/** There are many, and most are never asked for: each is prepared when it first is. */
function prepareOrders(db: Database, place: string) {
  const prepared = new Map<string, Statement>();
  const of =
    <A>(textOf: (asked: A) => string) =>
    (asked: A): Statement => {
      const text = textOf(asked);
      const statement = prepared.get(text) ?? db.prepare(text);
      prepared.set(text, statement);
      return statement;
    };
  return (sort: JobSort, isDescending: boolean): OrderStatements => {
    const { first, passed, all, fitting, among } = textsOf(sort, isDescending, place);
    return { first: of(first), passed: of(passed), all: of(all), fitting: of(fitting), among: of(among) };
  };
}

/** What is asked of the jobs in one place, besides the statements of each order. */
export function prepareJobs(db: Database, place: string) {
  const table = `listed_jobs${place}`;
  const filters = filtersIn(place);
  const scanned = `FROM ${table} NOT INDEXED WHERE rowid > @from AND rowid <= @to AND ${filters}`;
  return {
    inOrder: prepareOrders(db, place),
    counts: db.prepare(`SELECT traits, jobs FROM job_counts${place}`),
    someOfLabel: db
      .prepare(`SELECT count(*) FROM (SELECT 1 FROM job_labels${place} WHERE label = ? LIMIT ?)`)
      .pluck(),
    someDue: db
      .prepare(
        `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE is_deleted = 0 AND next_run_at < ? LIMIT ?)`,
      )
      .pluck(),
    countAmong: Object.fromEntries(
      Object.entries(few(place)).map(([set, condition]) => [
        set,
        db.prepare(`SELECT count(*) FROM ${table} WHERE ${condition} AND ${filters}`).pluck(),
      ]),
    ) as Record<Few, Statement>,
    lastRow: db.prepare(`SELECT max(rowid) FROM ${table}`).pluck(),
    /** Both in the order in which the rows lie in the file. */
    scan: db.prepare(`SELECT key ${scanned}`).pluck(),
    scanCount: db.prepare(`SELECT count(*) ${scanned}`).pluck(),
    byKeys: db.prepare(
      `SELECT key, version, document, checksum, created_at, is_deleted, name, next_run_at, last_run_at, updated_at, labels, traits
       FROM jobs${place} WHERE key IN (SELECT value FROM json_each(?))`,
    ),
  };
}
