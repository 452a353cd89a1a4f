import type { JobDocument } from '../ports/read-models.js';
import type { JobPlace } from '../ports/job-list.js';

/** A job that a bulk request is to act on. */
export type BulkJob = Pick<JobDocument, 'cron_id' | 'name' | 'created_at'>;

export interface BulkPage {
  /** In the order of their places. */
  jobs: BulkJob[];
  /** Whether jobs that fit may follow behind the last one. */
  more: boolean;
  /** So many of the first ones end with the last of those that remember the request; 0 where none does. */
  repeated: number;
}

/**
 * Which jobs a request acts on: those that fit, and where it is a repeat those that it has been carried out for. These may
 * fit no more because of that, and without them the repeat would go on to jobs that the first try has not met. Pure.
 *
 * All of `accepted` are on the page, and all of `listed` before the last of them, so that nothing is left out behind a cursor:
 * it has up to twice `limit` where others have come to fit meanwhile, and no more however often it is repeated. Where more than
 * `limit` have, those at the end are left out, as all are that come to fit behind the cursor.
 * @param listed the first jobs that fit, in the order of their places, `limit` at most
 * @param more whether others that fit follow them
 * @param accepted those that remember the request, in any order
 */
export function bulkPage(
  { listed, more, accepted }: { listed: readonly BulkJob[]; more: boolean; accepted: readonly BulkJob[] },
  limit: number,
): BulkPage {
  const known = new Set(accepted.map(({ cron_id }) => cron_id));
  const others = listed.filter(({ cron_id }) => !known.has(cron_id));
  const last = [...accepted].sort(byPlace).at(-1);
  const before = last === undefined ? 0 : others.filter((job) => byPlace(job, last) < 0).length;
  const room = limit - accepted.length;
  const taken = others.slice(0, Math.max(0, room, Math.min(before, room + limit)));
  const jobs = [...accepted, ...taken].sort(byPlace);
  const repeated = jobs.findLastIndex(({ cron_id }) => known.has(cron_id)) + 1;
  return { jobs, more: more || taken.length < others.length, repeated };
}

/** Where a job is among all: it never moves, so whoever goes on behind it leaves out and repeats nothing. */
export function placeOf({ created_at, cron_id }: BulkJob): JobPlace {
  return { value: created_at, cron_id };
}

function byPlace(one: BulkJob, other: BulkJob): number {
  return compare(one.created_at, other.created_at) || compare(one.cron_id, other.cron_id);
}

/** Both are ASCII, so code units are in the order of bytes. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
