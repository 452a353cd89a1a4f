import type { StoredCertification } from '../../ports/certification-registry.js';
import type { Database } from './driver.js';
import { RECORD_COLUMNS, toRecord, type RecordRow } from './registry-record.js';

/** The key of the last record of a page; the bytes of a text that is not given back as it is stored, else null. */
export interface PageEnd {
  mentor_id: unknown;
  certification_id: unknown;
  mentor_bytes: Uint8Array | null;
  id_bytes: Uint8Array | null;
}

export interface RegistryPage {
  records: StoredCertification[];
  end: PageEnd;
}

export interface RegistryPages {
  /**
   * One synchronous query of at most 1,000 records, in the order of the keys.
   * @param mentorId undefined for those of all mentors
   * @param after undefined for the first page
   * @returns undefined behind the last record
   */
  next(mentorId: string | undefined, after: PageEnd | undefined): RegistryPage | undefined;
}

/** Stands for half a surrogate pair, which earlier versions let in: the text itself would find another place. */
const REPLACEMENT = '\ufffd';

/** Within a function, the text of a CAST has no affinity that would keep the table from being searched. */
const MENTOR = 'coalesce(CAST(@mentor_bytes AS TEXT), @mentor_id)';
const ID = 'coalesce(CAST(@id_bytes AS TEXT), @certification_id)';
/** Where a page begins: of the mentor, or of all; the first one, or the next. */
const BEGINNINGS = {
  first: '',
  next: `WHERE (mentor_id, certification_id) > (${MENTOR}, ${ID})`,
  firstOfMentor: 'WHERE mentor_id = @mentor',
  nextOfMentor: `WHERE mentor_id = @mentor AND certification_id > ${ID}`,
};

const pageOf = (beginning: string): string =>
  `SELECT ${RECORD_COLUMNS} FROM registry_records ${beginning} ORDER BY mentor_id, certification_id LIMIT 1000`;
export const NEXT_PAGE = pageOf(BEGINNINGS.next);

/** @param db open, with the registry's schema */
export function createRegistryPages(db: Database): RegistryPages {
  const statementsOf = (beginning: string) => ({
    page: db.prepare(pageOf(beginning)),
    bytes: db.prepare(
      `SELECT CASE typeof(mentor_id) WHEN 'text' THEN CAST(mentor_id AS BLOB) END AS mentor_bytes,
         CASE typeof(certification_id) WHEN 'text' THEN CAST(certification_id AS BLOB) END AS id_bytes
       FROM registry_records ${beginning} ORDER BY mentor_id, certification_id LIMIT 1 OFFSET @last`,
    ),
  });
  const first = statementsOf(BEGINNINGS.first);
  const next = statementsOf(BEGINNINGS.next);
  const firstOfMentor = statementsOf(BEGINNINGS.firstOfMentor);
  const nextOfMentor = statementsOf(BEGINNINGS.nextOfMentor);

  /** One transaction: the bytes are those of the row that was read. */
  const read = db.transaction(
    (mentor: string | undefined, after: PageEnd | undefined): RegistryPage | undefined => {
      const [ofFirst, ofNext] = mentor === undefined ? [first, next] : [firstOfMentor, nextOfMentor];
      const { page, bytes } = after === undefined ? ofFirst : ofNext;
      const place = {
        mentor,
        mentor_id: after?.mentor_id,
        certification_id: after?.certification_id,
        mentor_bytes: after?.mentor_bytes,
        id_bytes: after?.id_bytes,
      };
      const rows = page.all(place) as RecordRow[];
      const last = rows.at(-1);
      if (last === undefined) return undefined;
      const { mentor_id, certification_id } = last;
      const isAltered = [mentor_id, certification_id].some(
        (key) => typeof key === 'string' && key.includes(REPLACEMENT),
      );
      const end = isAltered
        ? (bytes.get({ ...place, last: rows.length - 1 }) as Pick<PageEnd, 'mentor_bytes' | 'id_bytes'>)
        : { mentor_bytes: null, id_bytes: null };
      return {
        records: rows.map(toRecord),
        end: {
          mentor_id,
          certification_id,
          mentor_bytes: end.mentor_bytes,
          id_bytes: end.id_bytes,
        },
      };
    },
  );

  return { next: (mentorId, after) => read(mentorId, after) };
}
