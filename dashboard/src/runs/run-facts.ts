import type { components } from '../api/openapi.js';
import { duration } from '../show/show-duration.js';

type Schemas = components['schemas'];

type Run = Pick<Schemas['RunInList'], 'started_at' | 'completed_at' | 'status' | 'dry_run' | 'result'>;

/** What a chart tells apart. */
export type RunKind = 'running' | 'success' | 'warned' | 'failed' | 'dry';

/** How a run is shown among others: that it failed says more than that it was dry. */
export function kindOf({ status, dry_run, result }: Run): RunKind {
  if (status !== 'success') return status;
  if (dry_run === true) return 'dry';
  return (result?.warnings.length ?? 0) > 0 ? 'warned' : 'success';
}

/** Milliseconds from start to end, in whole seconds as the API has them; undefined while it runs. */
export function durationOf({ started_at, completed_at }: Run): number | undefined {
  if (started_at === null || completed_at === null) return undefined;
  return Math.max(0, Date.parse(completed_at) - Date.parse(started_at));
}

/** @param ms in whole seconds: none is less than one */
export function durationWords(ms: number): string {
  return ms === 0 ? 'under 1 s' : duration(ms);
}

/** How late a run has begun. @param ms from its slot to its start */
export function latenessWords(ms: number): string {
  return ms < 1_000 ? 'on time' : `${duration(ms)} late`;
}
