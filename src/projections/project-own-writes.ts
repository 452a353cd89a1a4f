import type { Clock } from '../ports/clock.js';
import type { AppendedEvent, EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { inTime } from '../waiting/in-time.js';
import { missingBefore } from './missing-events.js';
import { project } from './project.js';
import type { FoldingProjection, ProjectionGroup } from './projection.js';

export interface OwnWritesDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  logger: Logger;
}

/** Maximum time that a request waits for its own read models. */
const WAIT_MS = 500;
/** After a failure the store counts as down for so long: no request waits for it. */
const DOWN_MS = 5_000;

/**
 * Read your writes: the writer brings the read models up to its own events before it answers. The projector remains
 * the guarantee, so a failure here only costs freshness, and a job whose row is far behind is left to it.
 * @returns a function that takes events of one job, and says whether the models have them
 */
export function createOwnWritesProjection(
  group: ProjectionGroup<FoldingProjection>,
  { log, store, clock, logger }: OwnWritesDependencies,
): (events: readonly AppendedEvent[]) => Promise<boolean> {
  let downUntil = -Infinity;

  async function write(events: readonly AppendedEvent[]): Promise<boolean> {
    const [first] = events;
    if (first === undefined) return true;
    const before = await missingBefore(first, { log, store });
    if (before === undefined) return false;
    const changes = await project({ store, clock }, group, [...before, ...events]);
    if (changes === undefined) return false;
    await store.write(changes);
    return true;
  }

  return async (events) => {
    if (events.length === 0) return true;
    if (clock.monotonic() < downUntil) return false;
    const projecting = write(events).catch((error: unknown) => {
      downUntil = clock.monotonic() + DOWN_MS;
      logger.warn({ err: error }, 'read models lag behind a write');
      return false;
    });
    const projected = await inTime(clock, WAIT_MS, projecting);
    if (projected === undefined) downUntil = clock.monotonic() + DOWN_MS;
    return projected ?? false;
  };
}
