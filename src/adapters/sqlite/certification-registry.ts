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

const SELECT = 'SELECT mentor_id, certification_id, expires_at FROM certifications';
// A comparison with NULL is NULL, and would end the walk.
const IN_ORDER = "ORDER BY ifnull(mentor_id, ''), certification_id LIMIT 1000";
const FIRST_PAGE = `${SELECT} ${IN_ORDER}`;
/** A comparison of row values would not search the index of an expression, but scan it from the start for each page. */
export const NEXT_PAGE = `${SELECT}
  WHERE ifnull(mentor_id, '') >= ifnull(@mentor_id, '')
    AND (ifnull(mentor_id, '') > ifnull(@mentor_id, '') OR certification_id > @certification_id)
  ${IN_ORDER}`;

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
  const firstPage = db.prepare(`${FIRST_PAGE} OFFSET @given`);
  const nextPage = db.prepare(`${NEXT_PAGE} OFFSET @given`);
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
      let place: Place = { after: undefined, given: 0 };
      for (;;) {
        const { after, given } = place;
        const rows = await query(
          () =>
            (after === undefined ? firstPage : nextPage).all({ ...after, given }) as StoredCertification[],
        );
        if (rows.length === 0) return;
        yield rows;
        place = placeBehind(rows, place);
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

/** Where a page begins: behind the record with this key, if any, and the `given` that follow it. */
interface Place {
  after: Pick<StoredCertification, 'mentor_id' | 'certification_id'> | undefined;
  given: number;
}

/** Half a surrogate pair, which earlier versions let in, comes out of SQLite as this: such a key would find another place. */
const REPLACED = '\uFFFD';

function placeBehind(rows: readonly StoredCertification[], { after, given }: Place): Place {
  const index = rows.findLastIndex((row) => isExact(row.mentor_id) && isExact(row.certification_id));
  const last = rows[index];
  if (last === undefined) return { after, given: given + rows.length };
  const { mentor_id, certification_id } = last;
  return { after: { mentor_id, certification_id }, given: rows.length - 1 - index };
}

function isExact(value: unknown): boolean {
  return typeof value !== 'string' || !value.includes(REPLACED);
}
