import type { SystemAdapters } from '../ports/adapters.js';
import type { EventLog } from '../ports/event-log.js';
import type { ReadGenerations } from '../ports/read-generations.js';
import type { ReadStore } from '../ports/read-store.js';
import { projectionGroups } from '../projections/groups.js';
import { rebuildModels, type RebuildProgress, type RebuildResult } from '../projections/rebuild-models.js';

export type { RebuildProgress, RebuildResult };

export interface Rebuilding {
  log: EventLog;
  store: ReadStore;
  generations: ReadGenerations;
  system: Pick<SystemAdapters, 'clock' | 'ids' | 'logger'>;
}

/**
 * Makes all read models anew beside the live ones, and switches to the new ones.
 * @throws an error that says what to do; StoreError
 */
export function rebuild(
  { log, store, generations, system: { clock, ids, logger } }: Rebuilding,
  { allowSeconds }: { allowSeconds: boolean },
  { onProgress, signal }: { onProgress: (progress: RebuildProgress) => void; signal: AbortSignal },
): Promise<RebuildResult> {
  const groups = Object.values(projectionGroups({ allowSeconds }));
  return rebuildModels({ log, store, generations, clock, ids, logger, groups, onProgress, signal });
}
