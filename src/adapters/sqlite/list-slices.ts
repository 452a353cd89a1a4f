import type {
  CertificationPlace,
  CertificationQuery,
  ListedCertification,
} from '../../ports/certification-registry.js';
import type { Database } from './driver.js';
import { RECORD_COLUMNS, toRecord, type RecordRow } from './registry-record.js';

/** Entries of the index that one call passes over at most: a call takes 1 to 6 ms. */
const SLICE = 20_000;
/** The records of a mentor with no more than these are sorted; those of others are found on the way by expiry. */
const SORTED = 2_000;
/** Before and behind every day that a text can name. */
const [FIRST_DAY, LAST_DAY] = [-1_000_000, 4_000_000];
/** Sorts behind all texts. */
const BEHIND_TEXTS = Buffer.of(0xff);

/** A place, or an end of the index that is no record's. */
export interface Place {
  expires_day: number;
  certification_id: string | Buffer;
}

interface ListedRow extends RecordRow {
  expires_day: number;
}

interface Parameters {
  day: number;
  id: string | Buffer;
  endDay: number;
  endId: string | Buffer;
}

/** Finds the next matching records of a query in one short synchronous call. */
export interface ListSlices {
  /** @param after undefined for the beginning of the query's range */
  next(query: CertificationQuery, after: Place | undefined, limit: number): Slice;
}

export interface Slice {
  found: ListedCertification[];
  /** Where the next slice begins; undefined after the last one. */
  goOn: Place | undefined;
}

const FILTERS = `(@type IS NULL OR type = @type) AND (@status IS NULL OR status = @status)
  AND (@mentor IS NULL OR mentor_id = @mentor)
  AND CASE WHEN @label IS NULL THEN 1
    WHEN instr(labels, @quoted) = 0 THEN 0
    WHEN json_valid(labels) THEN EXISTS (SELECT 1 FROM json_each(labels) WHERE value = @label) END`;

function statementsFor([beyond, within, order]: readonly [string, string, string]) {
  const range = `(expires_day, certification_id) ${beyond} (@day, @id)
    AND (expires_day, certification_id) ${within} (@endDay, @endId)`;
  const inOrder = `ORDER BY expires_day ${order}, certification_id ${order}`;
  const byExpiry = 'FROM registry_records INDEXED BY registry_by_expiry';
  // Only the records of the page are looked up in the table.
  const whole = (keys: string): string => `
    SELECT r.expires_day, ${RECORD_COLUMNS.replaceAll(/\w+/g, 'r.$&')} FROM (${keys}) AS k
    CROSS JOIN registry_records AS r ON r.mentor_id = k.mentor_id AND r.certification_id = k.certification_id
    ORDER BY k.expires_day ${order}, k.certification_id ${order}`;
  return {
    sliceEnd: `SELECT expires_day, certification_id ${byExpiry} WHERE ${range} ${inOrder} LIMIT 1 OFFSET ${SLICE - 1}`,
    inSlice: whole(
      `SELECT expires_day, certification_id, mentor_id ${byExpiry} WHERE ${range} AND ${FILTERS} ${inOrder} LIMIT @limit`,
    ),
    // The plus signs keep SQLite from the other index, by which it would not have to sort.
    ofMentor: whole(
      `SELECT +expires_day AS expires_day, +certification_id AS certification_id, mentor_id FROM registry_records
         WHERE mentor_id = @mentor AND (+expires_day, +certification_id) ${beyond} (@day, @id)
         AND (+expires_day, +certification_id) ${within} (@endDay, @endId) AND ${FILTERS}
         ORDER BY 1 ${order}, 2 ${order} LIMIT @limit`,
    ),
  };
}

export const LIST_STATEMENTS = {
  ascending: statementsFor(['>', '<=', 'ASC']),
  descending: statementsFor(['<', '>=', 'DESC']),
};

/** @param db open, with the registry's schema */
export function createListSlices(db: Database): ListSlices {
  const prepared = ({ sliceEnd, inSlice, ofMentor }: ReturnType<typeof statementsFor>) => ({
    sliceEnd: db.prepare(sliceEnd),
    inSlice: db.prepare(inSlice),
    ofMentor: db.prepare(ofMentor),
  });
  const ascending = prepared(LIST_STATEMENTS.ascending);
  const descending = prepared(LIST_STATEMENTS.descending);
  const countSome = db
    .prepare(`SELECT count(*) FROM (SELECT 1 FROM registry_records WHERE mentor_id = ? LIMIT ${SORTED + 1})`)
    .pluck();

  return {
    next(query, after, limit) {
      const { order, type, label, status, mentorId } = query;
      const statements = order === 'ascending' ? ascending : descending;
      const filters = {
        type: type ?? null,
        label: label ?? null,
        quoted: label === undefined ? null : JSON.stringify(label),
        status: status ?? null,
        mentor: mentorId ?? null,
        limit,
      };
      const range = rangeOf(query, after);
      if (mentorId !== undefined && (countSome.get(mentorId) as number) <= SORTED) {
        const rows = statements.ofMentor.all({ ...filters, ...range }) as ListedRow[];
        return { found: rows.map(toListed), goOn: undefined };
      }
      const end = statements.sliceEnd.get(range) as Place | undefined;
      const slice = end && { ...range, endDay: end.expires_day, endId: end.certification_id };
      const rows = statements.inSlice.all({ ...filters, ...(slice ?? range) }) as ListedRow[];
      return { found: rows.map(toListed), goOn: end };
    },
  };
}

const behind = (expires_day: number): Place => ({ expires_day, certification_id: BEHIND_TEXTS });
const before = (expires_day: number): Place => ({ expires_day, certification_id: '' });

/** From the place where the slice begins, exclusive, to the end of the query's days, inclusive. */
function rangeOf(query: CertificationQuery, after: Place | undefined): Parameters {
  const from = query.expiresFrom ?? FIRST_DAY;
  const until = query.expiresUntil ?? LAST_DAY;
  if (query.order === 'ascending') {
    const start = after !== undefined && after.expires_day >= from ? after : behind(from - 1);
    return { day: start.expires_day, id: start.certification_id, endDay: until, endId: BEHIND_TEXTS };
  }
  const start = after !== undefined && after.expires_day <= until ? after : before(until + 1);
  return { day: start.expires_day, id: start.certification_id, endDay: from, endId: '' };
}

function toListed(row: ListedRow): ListedCertification {
  // Only records whose id is a text have a day.
  const place: CertificationPlace = {
    expires_day: row.expires_day,
    certification_id: row.certification_id as string,
  };
  return { record: toRecord(row), place };
}
