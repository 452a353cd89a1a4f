import type { Filter } from 'mongodb';
import type { ReminderDocument } from '../../ports/read-models.js';
import type { ReadStore, ReminderPlace, Row } from '../../ports/read-store.js';
import { inChunks } from './in-chunks.js';
import type { StoredRow } from './stored-row.js';

export interface RowQuery {
  filter: Filter<StoredRow>;
  sort?: Record<string, 1 | -1>;
  /** Zero means "all" to MongoDB. */
  limit?: number;
}

const CHUNK = 500;

/**
 * The questions about reminders.
 * @param batches gives the rows that a query finds, some at a time
 */
export function createReminderQueries(
  batches: (model: 'reminders', query: RowQuery) => AsyncIterable<Row<ReminderDocument>[]>,
): Pick<ReadStore, 'remindersOf' | 'listReminders'> {
  return {
    async remindersOf(certificationIds) {
      const found: Row<ReminderDocument>[] = [];
      for (const some of inChunks([...new Set(certificationIds)], CHUNK)) {
        const filter = {
          'document.certification_id': { $in: some },
          // Rows of earlier versions, one a stream, are there until the models have been made anew.
          'document.stream': { $exists: true },
        };
        for await (const rows of batches('reminders', { filter })) found.push(...rows);
      }
      return found;
    },
    async listReminders(runId, { after, limit }) {
      const sort = { 'document.mentor_id': 1, 'document.certification_id': 1 } as const;
      const found: ReminderDocument[] = [];
      for (const stretch of stretches(after)) {
        const left = limit - found.length;
        if (left <= 0) break;
        const filter = { 'document.run_id': runId, ...stretch };
        for await (const rows of batches('reminders', { filter, sort, limit: left }))
          found.push(...rows.map(({ document }) => document));
      }
      return found;
    },
  };
}

/** Behind a place, in their order: the rest of its mentor, and the others. Each is one stretch of the index. */
function stretches(after: ReminderPlace | undefined): Filter<StoredRow>[] {
  if (after === undefined) return [{}];
  return [
    { 'document.mentor_id': after.mentor_id, 'document.certification_id': { $gt: after.certification_id } },
    { 'document.mentor_id': { $gt: after.mentor_id } },
  ];
}
