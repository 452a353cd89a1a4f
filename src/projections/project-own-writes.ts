import { cronIdOf } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { inTime } from '../waiting/in-time.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

export interface OwnWritesDependencies {
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
 * the guarantee, so a failure here only costs freshness, and a job whose row is behind is left to it.
 * @returns a function that says whether the models have the events
 */
export function createOwnWritesProjection(
  group: ProjectionGroup,
  { store, clock, logger }: OwnWritesDependencies,
): (events: readonly AppendedEvent[]) => Promise<boolean> {
  let downUntil = -Infinity;

  async function write(events: readonly AppendedEvent[]): Promise<boolean> {
    const rows = await store.read('jobs', [...new Set(events.map(({ stream }) => cronIdOf(stream)))]);
    const firsts = new Map<string, number>();
    for (const { stream, version } of events) if (!firsts.has(stream)) firsts.set(stream, version);
    const next = events.filter(({ stream }) => {
      const row = rows.get(cronIdOf(stream));
      return (row?.version ?? 0) + 1 >= (firsts.get(stream) ?? Infinity);
    });
    await store.write(await project(store, group, next));
    return next.length === events.length;
  }

  return async (events) => {
    if (events.length === 0) return true;
    if (clock.monotonic() < downUntil) return false;
    const writing = write(events).catch((error: unknown) => {
      downUntil = clock.monotonic() + DOWN_MS;
      logger.warn({ err: error }, 'read models lag behind a write');
      return false;
    });
    const projected = await inTime(clock, WAIT_MS, writing);
    if (projected === undefined) downUntil = clock.monotonic() + DOWN_MS;
    return projected ?? false;
  };
}
