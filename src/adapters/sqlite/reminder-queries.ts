import type { ReminderDocument } from '../../ports/read-models.js';
import type { ReadStore, Row } from '../../ports/read-store.js';
import { fromStored, toColumn, type StoredRow } from './stored-row.js';
import type { Query } from './read-file.js';

/** Each query blocks the process for 2 ms at most, however many reminders a certification has. */
const IDS_PER_QUERY = 50;
const ROWS_PER_QUERY = 100;
/** Comes after every text. */
const BEHIND_ALL = Buffer.alloc(0);

/**
 * The questions about reminders.
 * @param inOneFile gives what runs the queries of one answer
 */
export function createReminderQueries(
  inOneFile: () => Query,
  path: string,
): Pick<ReadStore, 'remindersOf' | 'listReminders'> {
  return {
    async remindersOf(certificationIds) {
      const query = inOneFile();
      const ids = [...new Set(certificationIds)];
      const found: Row<ReminderDocument>[] = [];
      let [at, after] = [0, ''];
      while (at < ids.length) {
        await query(({ remindersOfOne }) => {
          const end = at + IDS_PER_QUERY;
          let left = ROWS_PER_QUERY;
          for (let id = ids[at]; id !== undefined && at < end && left > 0; id = ids[at]) {
            const stored = remindersOfOne.all(toColumn(id), after, left) as StoredRow[];
            const rows = stored.map((row) => fromStored('reminders', row, path));
            // Another id may look the same in the column.
            found.push(...rows.filter(({ document }) => document.certification_id === id));
            left -= stored.length;
            if (left > 0) at++;
            after = left > 0 ? '' : (stored.at(-1)?.key ?? '');
          }
        });
      }
      return found;
    },
    async listReminders(runId, { after, limit }) {
      const query = inOneFile();
      const found: ReminderDocument[] = [];
      let place: { mentor_id: string; certification_id: string; key: string | Buffer } = {
        mentor_id: toColumn(after?.mentor_id ?? ''),
        certification_id: toColumn(after?.certification_id ?? ''),
        key: after === undefined ? '' : BEHIND_ALL,
      };
      for (let asked = 0, got = 0; got === asked && found.length < limit;) {
        asked = Math.min(ROWS_PER_QUERY, limit - found.length);
        got = await query(({ remindersOfRun }) => {
          const stored = remindersOfRun.all({
            run_id: toColumn(runId),
            mentor_id: place.mentor_id,
            certification_id: place.certification_id,
            key: place.key,
            limit: asked,
          }) as StoredRow[];
          found.push(...stored.map((row) => fromStored('reminders', row, path).document));
          const { mentor_id = '', certification_id = '', key = '' } = stored.at(-1) ?? {};
          place = { mentor_id, certification_id, key };
          return stored.length;
        });
      }
      return found;
    },
  };
}
