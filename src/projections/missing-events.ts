import { cronIdOf } from '../events/stream-names.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';

/** Events of the job that are read from the log, to bring a row up to them. */
const MOST_MISSING = 500;

/**
 * What the row of a job lacks before a version of its stream: what others have written, and the projector has not projected
 * yet.
 * @returns undefined when it is too much: then the row is left to the projector
 * @throws StoreError
 */
export async function missingBefore(
  { stream, version }: { stream: string; version: number },
  { log, store }: { log: Pick<EventLog, 'readStream'>; store: Pick<ReadStore, 'read'> },
): Promise<RecordedEvent[] | undefined> {
  const cronId = cronIdOf(stream);
  const row = (await store.read('jobs', [cronId])).get(cronId);
  const from = (row?.version ?? 0) + 1;
  const limit = version - from;
  if (limit <= 0) return [];
  // Rows that are being made anew are left to the projector, which may be of another version.
  if (row === undefined || limit > MOST_MISSING) return undefined;
  const missing = await log.readStream(stream, { direction: 'forwards', from, limit });
  return missing.length === limit ? missing : undefined;
}
