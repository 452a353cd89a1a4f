import type { CertificationRegistry, StoredCertification } from '../../ports/certification-registry.js';
import { openDatabase, type DatabaseKind } from './open-database.js';
import { watchFile } from './file-watch.js';
import { whenFree, transact, type Waiting } from './transact.js';

const REGISTRY: DatabaseKind = {
  what: 'certification registry',
  applicationId: 0x63_63_72_67, // "ccrg"
  schemaVersion: 1,
  disposable: false,
  synchronous: 'FULL',
  // The columns take any value, as those of a shared document store would: the check reports what it cannot read.
  schema: `
    CREATE TABLE certifications (certification_id TEXT PRIMARY KEY, mentor_id, expires_at, source TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX certifications_by_mentor ON certifications (ifnull(mentor_id, ''), certification_id, mentor_id, expires_at);`,
};

/**
 * The keys as bytes, too: half a surrogate pair, which earlier versions let in, comes out of SQLite as another text, and
 * would find another place.
 */
const SELECT = `SELECT mentor_id, certification_id, expires_at,
  CASE typeof(mentor_id) WHEN 'text' THEN CAST(mentor_id AS BLOB) END AS mentor_bytes,
  CASE typeof(certification_id) WHEN 'text' THEN CAST(certification_id AS BLOB) END AS id_bytes
  FROM certifications`;
// A comparison with NULL is NULL, and would end the walk.
const IN_ORDER = "ORDER BY ifnull(mentor_id, ''), certification_id LIMIT 1000";
const FIRST_PAGE = `${SELECT} ${IN_ORDER}`;
/** Within a function, the text of a CAST has no affinity that would keep the index from being searched. */
const AFTER = "coalesce(CAST(@mentor_bytes AS TEXT), @mentor_id, '')";
/** A comparison of row values would not search the index of an expression, but scan it from the start for each page. */
export const NEXT_PAGE = `${SELECT}
  WHERE ifnull(mentor_id, '') >= ${AFTER}
    AND (ifnull(mentor_id, '') > ${AFTER} OR certification_id > coalesce(CAST(@id_bytes AS TEXT), @certification_id))
  ${IN_ORDER}`;

/** Bytes of a key that is a text. */
interface PageRow extends StoredCertification {
  mentor_bytes: Uint8Array | null;
  id_bytes: Uint8Array | null;
}

/** The registry in one SQLite file. */
export function openSqliteRegistry(waiting: Waiting): CertificationRegistry {
  const { clock, ids, path, onLost } = waiting;
  const db = openDatabase(path, REGISTRY, ids);
  const file = watchFile({ path, clock, onLost }, db);
  const upsert = db.prepare(
    `INSERT INTO certifications (certification_id, mentor_id, expires_at, source) VALUES (?, ?, ?, ?)
     ON CONFLICT (certification_id) DO UPDATE SET
       mentor_id = excluded.mentor_id, expires_at = excluded.expires_at, source = excluded.source`,
  );
  const firstPage = db.prepare(FIRST_PAGE);
  const nextPage = db.prepare(NEXT_PAGE);
  const removeOne = db.prepare('DELETE FROM certifications WHERE certification_id = ?');
  const removeOthers = db.prepare('DELETE FROM certifications WHERE source <> ?');

  const write = <T>(work: () => T): Promise<T> => transact(() => db, waiting, work, { file });
  const query = <T>(read: () => T): Promise<T> => whenFree(waiting, read);

  return {
    async upsert(certifications, source) {
      await write(() => {
        for (const { certification_id, mentor_id, expires_at } of certifications) {
          upsert.run(certification_id, mentor_id, expires_at, source);
        }
      });
    },
    async remove(certificationIds) {
      await write(() => {
        for (const id of certificationIds) removeOne.run(id);
      });
    },
    removeAllBut: (source) => write(() => removeOthers.run(source).changes),
    async *pages() {
      let last: PageRow | undefined;
      for (;;) {
        const after = last;
        const rows = await query(
          () => (after === undefined ? firstPage.all() : nextPage.all(after)) as PageRow[],
        );
        if (rows.length === 0) return;
        yield rows.map(({ mentor_id, certification_id, expires_at }) => ({
          mentor_id,
          certification_id,
          expires_at,
        }));
        last = rows.at(-1);
        await clock.yield();
      }
    },
    count: () => query(() => db.prepare('SELECT count(*) FROM certifications').pluck().get() as number),
    close: () =>
      Promise.resolve().then(() => {
        file.stop();
        db.close();
      }),
  };
}
