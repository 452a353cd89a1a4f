import { jobStream } from '../events/stream-names.js';
import type { EventLog } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { storedState } from '../projections/jobs.js';

export interface SnapshotsDependencies {
  log: Pick<EventLog, 'readStream'>;
  store: Pick<ReadStore, 'snapshotBefore'>;
}

/** An instance of an earlier version leaves some that cannot be used; others are behind them. */
const MOST_TRIED = 5;

/**
 * The newest snapshot of a job, up to a version, that can be used: of this fold, and of this log, where the event is that
 * it was taken after. Undefined when there is none, or the store cannot tell: the log is enough.
 * @throws StoreError of the log alone
 */
export async function snapshotBefore(
  { log, store }: SnapshotsDependencies,
  cronId: string,
  version: number,
): Promise<{ document: JobDocument; version: number } | undefined> {
  for (let before = version, tried = 0; before > 0 && tried < MOST_TRIED; tried++) {
    const snapshot = await storedBefore(before);
    if (snapshot === undefined) return undefined;
    before = snapshot.version - 1;
    if (storedState(snapshot) === undefined) continue;
    const at = { direction: 'forwards', from: snapshot.version, limit: 1 } as const;
    const [recorded] = await log.readStream(jobStream(cronId), at);
    const { event_id, ...document } = snapshot.document;
    if (recorded?.id === event_id) return { document, version: snapshot.version };
  }
  return undefined;

  /** Damage has been noticed by the store itself, which has the models made anew. */
  async function storedBefore(before: number): ReturnType<ReadStore['snapshotBefore']> {
    try {
      return await store.snapshotBefore(cronId, before);
    } catch (error) {
      if (error instanceof StoreError) return undefined;
      throw error;
    }
  }
}
