import type { BulkAction } from './bulk-requests.js';
import type { ProblemCode } from './problem-code.js';

/**
 * What has become of one job.
 * - `done`: it was not so before, or its run was started.
 * - `would_do`: of a dry run, which writes nothing.
 * - `unchanged`: it was so already.
 * - `refused`: nothing was done, and `error` says why.
 * - `unknown`: it was tried, and may be done or not.
 */
export type BulkOutcome = 'done' | 'would_do' | 'unchanged' | 'refused' | 'unknown';

/** What was done to one job, or why not. */
export interface BulkResult {
  outcome: BulkOutcome;
  /** Of the run that was started. */
  run_id: string | null;
  /** As a problem has them. */
  error: { code: ProblemCode; detail: string } | null;
}

/** A job that was acted on. */
export interface BulkItem extends BulkResult {
  id: string;
  name: string;
}

export interface BulkBody {
  action: BulkAction;
  dry_run: boolean;
  data: BulkItem[];
  /** `total`: of the jobs that fitted when the first page was asked for; `next_cursor`: null behind the last one. */
  pagination: { limit: number; total: number; next_cursor: string | null };
}

/** The answer to a bulk request. */
export function bulkBody(
  { action, dry_run, limit }: { action: BulkAction; dry_run: boolean; limit: number },
  { items, total, next_cursor }: { items: BulkItem[]; total: number; next_cursor: string | null },
): BulkBody {
  return { action, dry_run, data: items, pagination: { limit, total, next_cursor } };
}
