import type { Collection, Filter, IndexDescription } from 'mongodb';
import { foldedName } from '../../ports/folded-name.js';
import {
  isOfFewKinds,
  pageOf,
  type JobFilter,
  type JobsAsked,
  type JobsFound,
  type JobSort,
  type ListedJob,
} from '../../ports/job-list.js';
import { toListed, type StoredRow } from './stored-row.js';

const DELETED = 'document.deleted_at';
const NEXT = 'found.next_run_at';

/** Where a row has what a list is sorted by. Rows of earlier versions lack what is not in the document. */
const FIELDS: Record<JobSort, string> = {
  created_at: 'document.created_at',
  name: 'found.name',
  next_run_at: NEXT,
  last_run_at: 'found.last_run_at',
  updated_at: 'document.updated_at',
};

/** One for each sort, and for what mostly fits few jobs. */
export const JOB_INDEXES: readonly IndexDescription[] = [
  ...Object.values(FIELDS).map((field) => ({ key: { [DELETED]: 1, [field]: 1, _id: 1 } }) as const),
  ...['status', 'last_run_status', 'has_warnings', 'labels'].map(
    (field) => ({ key: { [`document.${field}`]: 1, [FIELDS.created_at]: 1, _id: 1 } }) as const,
  ),
];

export interface InJobs {
  inModel: <T>(model: 'jobs', work: (jobs: Collection<StoredRow>) => Promise<T>) => Promise<T>;
}

/** See `ReadStore.listJobs`. */
export async function listJobs({ inModel }: InJobs, asked: JobsAsked): Promise<JobsFound> {
  const { sort = 'created_at', descending = false, offset, limit } = asked;
  const filter = filterOf(asked.filter ?? {});
  const field = FIELDS[sort];
  const direction = descending ? -1 : 1;
  const found: ListedJob[] = [];
  let skip = offset;
  const known = isOfFewKinds(asked.filter ?? {}) ? undefined : asked.total;
  const total = known ?? (await inModel('jobs', (jobs) => jobs.countDocuments(filter)));
  for (const stretch of stretchesOf(field, asked)) {
    const missing = limit + 1 - found.length;
    // Zero means "all" to MongoDB.
    if (limit === 0 || missing <= 0) break;
    const options = {
      sort: { [field]: direction, _id: direction } as const,
      limit: missing,
      projection: { 'document.state': 0 },
      skip,
    };
    const rows = await inModel('jobs', (jobs) => jobs.find({ $and: [filter, stretch] }, options).toArray());
    found.push(...rows.map(toListed));
    // Only without a place is anything passed over: then there is one stretch.
    skip = 0;
  }
  return { ...pageOf(found, asked), total };
}

/** Behind a place: the rest of those that tie with it, and the others. Each is one stretch of the index. */
function stretchesOf(field: string, { after, descending }: JobsAsked): Filter<StoredRow>[] {
  if (after === undefined) return [{}];
  const beyond = descending === true ? '$lt' : '$gt';
  return [
    { [field]: after.value, _id: { [beyond]: after.cron_id } },
    { [field]: { [beyond]: after.value } },
  ] as Filter<StoredRow>[];
}

function filterOf(asked: JobFilter): Filter<StoredRow> {
  const { deleted, status, enabled, name, labels, lastRunStatus, hasWarnings, dueBefore, notDueBefore } =
    asked;
  return {
    ...(deleted !== 'too' && { [DELETED]: deleted === 'only' ? { $ne: null } : null }),
    ...(status !== undefined && { 'document.status': status }),
    ...(enabled !== undefined && { 'document.enabled': enabled }),
    ...(name !== undefined && { 'found.name': { $regex: literal(foldedName(name)) } }),
    ...(labels !== undefined && labels.length > 0 && { 'document.labels': { $all: [...labels] } }),
    ...(lastRunStatus !== undefined && {
      'document.last_run_status': lastRunStatus === 'none' ? null : lastRunStatus,
    }),
    ...(hasWarnings !== undefined && { 'document.has_warnings': hasWarnings }),
    ...((dueBefore ?? notDueBefore) !== undefined && {
      [NEXT]: {
        ...(dueBefore !== undefined && { $lt: dueBefore }),
        ...(notDueBefore !== undefined && { $gte: notDueBefore }),
      },
    }),
  };
}

/** An expression that matches a text alone, wherever it is. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
