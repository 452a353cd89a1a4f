import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import { missingBefore } from './missing-events.js';
import { project } from './project.js';
import type { FoldingProjection, ProjectionGroup } from './projection.js';

export interface BringUpRowsDependencies {
  log: Pick<EventLog, 'readStream'>;
  store: Pick<ReadStore, 'read' | 'write'>;
  clock: Clock;
}

/**
 * Brings the rows of a job up to a version that its stream has, for a reader who knows of it before the projector does. One
 * call does it for all that ask at once.
 * @returns whether they have it; else they are left to the projector, which is far behind or makes them anew. Rejects with
 *   StoreError
 */
export type BringUpRows = (cronId: string, version: number) => Promise<boolean>;

export function createBringUpRows(
  group: ProjectionGroup<FoldingProjection>,
  { log, store, clock }: BringUpRowsDependencies,
): BringUpRows {
  const underWay = new Map<string, Promise<boolean>>();

  async function bringUp(cronId: string, version: number): Promise<boolean> {
    const missing = await missingBefore({ stream: jobStream(cronId), version: version + 1 }, { log, store });
    if (missing === undefined) return false;
    if (missing.length === 0) return true;
    const changes = await project({ store, clock }, group, missing);
    if (changes === undefined) return false;
    await store.write(changes);
    return true;
  }

  return (cronId, version) => {
    const key = `${cronId} ${version}`;
    const begun =
      underWay.get(key) ??
      bringUp(cronId, version).finally(() => {
        underWay.delete(key);
      });
    underWay.set(key, begun);
    return begun;
  };
}
