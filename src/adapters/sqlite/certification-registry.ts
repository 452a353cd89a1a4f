import { toTimestamp } from '../../events/timestamp.js';
import type {
  CertificationRegistry,
  CertificationStatus,
  ListedCertification,
  StoredCertification,
} from '../../ports/certification-registry.js';
import { expiresDay } from '../../ports/expires-day.js';
import { watchFile } from './file-watch.js';
import { createListSlices, type Place } from './list-slices.js';
import { openDatabase } from './open-database.js';
import { RECORD_COLUMNS, toRecord, type RecordRow } from './registry-record.js';
import { createRegistryPages, type PageEnd } from './registry-pages.js';
import { registryKind } from './registry-schema.js';
import { whenFree, transact, type Waiting } from './transact.js';

const SELECT = `SELECT ${RECORD_COLUMNS} FROM registry_records`;
/** Rewrites no index entry, as the whole would: most imports and feeds confirm what is there. */
const CONFIRM = `UPDATE registry_records SET source = @source
  WHERE mentor_id = @mentor_id AND certification_id = @certification_id AND expires_at IS @expires_at AND type IS @type
    AND labels IS @labels AND status IS @status AND renewable_from IS @renewable_from AND expires_day IS @expires_day`;
const UPSERT = `INSERT INTO registry_records (${RECORD_COLUMNS}, expires_day, source)
  VALUES (ifnull(@mentor_id, ''), @certification_id, @expires_at, @type, @labels, @status, @renewable_from, @expires_day, @source)
  ON CONFLICT DO UPDATE SET mentor_id = excluded.mentor_id, expires_at = excluded.expires_at, type = excluded.type,
    labels = excluded.labels, status = excluded.status, renewable_from = excluded.renewable_from,
    expires_day = excluded.expires_day, source = excluded.source`;

const HALF_CHARACTER = /\p{Cs}/u;

interface StateRow extends Record<CertificationStatus, number> {
  total: number;
  last_changed_at: string | null;
}

export interface RegistryOptions extends Waiting {
  /** Called before a file of an earlier version is converted, which takes some seconds, with the number of its records. */
  onConvert?: (records: number) => void;
}

/** The registry in one SQLite file. */
export function openSqliteRegistry(options: RegistryOptions): CertificationRegistry {
  const { clock, ids, path, onLost, onConvert = () => undefined } = options;
  const db = openDatabase(path, registryKind(clock, onConvert), ids);
  const file = watchFile({ path, clock, onLost }, db);
  const upsert = db.prepare(UPSERT);
  const confirm = db.prepare(CONFIRM);
  const pages = createRegistryPages(db);
  const findOne = db.prepare(`${SELECT} WHERE certification_id = ?`);
  const removeOne = db.prepare('DELETE FROM registry_records WHERE certification_id = ?');
  const removeOthers = db.prepare('DELETE FROM registry_records WHERE source <> ?');
  const readState = db.prepare('SELECT * FROM registry_state');
  const touch = db.prepare(
    'UPDATE registry_state SET last_changed_at = ? WHERE total > 0 OR last_changed_at IS NOT NULL',
  );
  const slices = createListSlices(db);

  const query = <T>(read: () => T): Promise<T> => whenFree(options, read);

  function write<T>(work: () => T): Promise<T> {
    const touching = (): T => {
      const result = work();
      touch.run(toTimestamp(clock.now()));
      return result;
    };
    return transact(() => db, options, touching, { file });
  }

  async function* inPages(mentorId?: string): AsyncGenerator<StoredCertification[]> {
    for (let after: PageEnd | undefined; ;) {
      const end = after;
      const page = await query(() => pages.next(mentorId, end));
      if (page === undefined) return;
      yield page.records;
      after = page.end;
      await clock.yield();
    }
  }

  return {
    async upsert(certifications, source) {
      await write(() => {
        for (const each of certifications) {
          const { certification_id, mentor_id, expires_at, type, labels, status, renewable_from } = each;
          const row = {
            certification_id,
            mentor_id,
            expires_at,
            type,
            labels: JSON.stringify(labels),
            status,
            renewable_from,
            expires_day: HALF_CHARACTER.test(certification_id) ? null : (expiresDay(expires_at) ?? null),
            source,
          };
          if (confirm.run(row).changes === 0) upsert.run(row);
        }
      });
    },
    async remove(certificationIds) {
      await write(() => {
        for (const id of certificationIds) removeOne.run(id);
      });
    },
    removeAllBut: (source) => write(() => removeOthers.run(source).changes),
    pages: () => inPages(),
    async find(certificationId) {
      const row = await query(() => findOne.get(certificationId) as RecordRow | undefined);
      return row && toRecord(row);
    },
    pagesOf: (mentorId) => inPages(mentorId),
    async list(asked) {
      const listed: ListedCertification[] = [];
      for (let after: Place | undefined = asked.after; ;) {
        const place = after;
        const { found, goOn } = await query(() => slices.next(asked, place, asked.limit - listed.length));
        listed.push(...found);
        if (listed.length >= asked.limit || goOn === undefined) return listed;
        after = goOn;
      }
    },
    async summary() {
      const { total, active, suspended, withdrawn, last_changed_at } = await query(
        () => readState.get() as StateRow,
      );
      return { total, by_status: { active, suspended, withdrawn }, last_changed_at };
    },
    close: () =>
      Promise.resolve().then(() => {
        file.stop();
        db.close();
      }),
  };
}
