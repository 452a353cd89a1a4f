import type { Collection, Filter, IndexDescription } from 'mongodb';
import type { RunDocument } from '../../ports/read-models.js';
import type { Row } from '../../ports/read-store.js';
import type { RunFilter, RunsAsked } from '../../ports/run-search.js';
import { kindsThatFit } from '../run-kinds.js';
import type { RowQuery } from './reminder-queries.js';
import type { StoredRow } from './stored-row.js';

const [JOB, KIND, STARTED] = ['document.cron_id', 'found.kind', 'document.started_at'] as const;

/** Each holds its rows in the order of time, kind by kind; the server merges them. */
export const RUN_INDEXES: readonly IndexDescription[] = [
  { key: { [JOB]: 1, 'document.run_no': 1 } },
  { key: { [JOB]: 1, [KIND]: 1, [STARTED]: 1, _id: 1 } },
  { key: { [KIND]: 1, [STARTED]: 1, _id: 1 } },
];

export interface InRuns {
  find: (model: 'runs', query: RowQuery) => Promise<Row<RunDocument>[]>;
  inModel: <T>(model: 'runs', work: (runs: Collection<StoredRow>) => Promise<T>) => Promise<T>;
}

/** See `ReadStore.findRuns`. */
export async function findRuns({ find }: InRuns, asked: RunsAsked): Promise<RunDocument[]> {
  const found: RunDocument[] = [];
  for (const stretch of stretchesOf(asked)) {
    const limit = asked.limit - found.length;
    // Zero means "all" to MongoDB.
    if (limit <= 0) break;
    const filter = { ...filterOf(asked), ...stretch };
    const rows = await find('runs', { filter, sort: { [STARTED]: -1, _id: -1 }, limit });
    found.push(...rows.map(({ document }) => document));
  }
  return found;
}

/** See `ReadStore.countRuns`. */
export async function countRuns(
  { inModel }: InRuns,
  filter: RunFilter,
  most: number,
): Promise<number | undefined> {
  const fitting: Filter<StoredRow> = { ...filterOf(filter), [STARTED]: rangeOf(filter) };
  const total = await inModel('runs', (runs) => runs.countDocuments(fitting, { limit: most + 1 }));
  return total > most ? undefined : total;
}

function filterOf(filter: RunFilter): Filter<StoredRow> {
  return {
    ...(filter.cronId !== undefined && { [JOB]: filter.cronId }),
    [KIND]: { $in: kindsThatFit(filter) },
  };
}

/** All times are texts. */
function rangeOf({ from = '', to }: RunFilter): object {
  return { $gte: from, ...(to !== undefined && { $lt: to }) };
}

/** Before a place: those of its instant, and the older ones. Each is one stretch of the index. */
function stretchesOf({ after, from = '', to }: RunsAsked): Filter<StoredRow>[] {
  if (after === undefined || (to !== undefined && after.started_at >= to))
    return [{ [STARTED]: rangeOf({ from, to }) }];
  const ofInstant = { [STARTED]: after.started_at, _id: { $lt: after.run_id } };
  const older = { [STARTED]: { $gte: from, $lt: after.started_at } };
  return after.started_at < from ? [] : [ofInstant, older];
}
