import { place } from '../place/place.js';
import { foldQuiet, type RunEntry } from './fold-quiet.js';
import type { RunOfJob } from './run-table.js';

/** Real runs alone: dry ones remind nobody. Of those that are folded a page has more. */
export function askedRuns(): { dry_run: false; limit: number; cursor?: string } {
  const { cursor, show } = place.value.query;
  return { dry_run: false, limit: show === 'all' ? 20 : 100, ...(cursor && { cursor }) };
}

/** The address says whether those that have reminded nobody are shown one by one. */
export function entriesOf(runs: readonly RunOfJob[]): RunEntry<RunOfJob>[] {
  return place.value.query.show === 'all' ? runs.map((run) => ({ run })) : foldQuiet(runs);
}
