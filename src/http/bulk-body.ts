import type { BulkBody, BulkItem } from '../answers/bulk-answers.js';
import type { BulkAction } from './bulk-requests.js';

/** What has become of one job. */
export type BulkResult = Omit<BulkItem, 'id' | 'name'>;

/** The answer to a bulk request. */
export function bulkBody(
  { action, dry_run, limit }: { action: BulkAction; dry_run: boolean; limit: number },
  { items, total, next_cursor }: { items: BulkItem[]; total: number; next_cursor: string | null },
): BulkBody {
  return { action, dry_run, data: items, pagination: { limit, total, next_cursor } };
}
