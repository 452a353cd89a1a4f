import type { Filter, IndexDescription } from 'mongodb';
import type { EventFilter } from '../../ports/read-store.js';
import type { RowQuery } from './reminder-queries.js';
import type { StoredRow } from './stored-row.js';

const [JOB, ACTOR, TYPE] = ['document.cron_id', 'document.actor', 'document.type'] as const;
const ROUTINE = 'document.routine';

/** One for whatever a question may name: each holds its rows in the order of their keys. */
export const EVENT_INDEXES: readonly IndexDescription[] = [
  [TYPE],
  [ACTOR],
  [ACTOR, TYPE],
  [JOB, ROUTINE],
  [JOB, ROUTINE, TYPE],
  [JOB, ROUTINE, ACTOR],
  [JOB, ROUTINE, ACTOR, TYPE],
].map((fields) => ({ key: Object.fromEntries([...fields, '_id'].map((field) => [field, 1])) }));

/** See `ReadStore.listEvents`. The server merges the stretches of several types. */
export function eventQuery({ cronId, actor, types, from, before, limit }: EventFilter): RowQuery {
  const filter: Filter<StoredRow> = {
    ...(cronId !== undefined && { [JOB]: cronId, [ROUTINE]: false }),
    ...(actor !== undefined && { [ACTOR]: actor }),
    ...(types !== undefined && { [TYPE]: types.length === 1 ? types[0] : { $in: [...types] } }),
    _id: { $gte: from, $lt: before },
  };
  return { filter, sort: { _id: -1 }, limit };
}
