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
 * @returns a function that takes events of one job, and says whether the models have them
 */
export function createOwnWritesProjection(
  group: ProjectionGroup,
  { store, clock, logger }: OwnWritesDependencies,
): (events: readonly AppendedEvent[]) => Promise<boolean> {
  let downUntil = -Infinity;
  /** The last write of each job that is being written: one that overtook it would find a row that is behind. */
  const writing = new Map<string, Promise<unknown>>();

  async function inTurn(events: readonly AppendedEvent[]): Promise<boolean> {
    const stream = events[0]?.stream ?? '';
    const before = writing.get(stream);
    const own = before === undefined ? write(events) : before.then(() => write(events));
    const ended = own.catch(() => undefined);
    writing.set(stream, ended);
    try {
      return await own;
    } finally {
      if (writing.get(stream) === ended) writing.delete(stream);
    }
  }

  async function write(events: readonly AppendedEvent[]): Promise<boolean> {
    const [first] = events;
    if (first === undefined) return true;
    const cronId = cronIdOf(first.stream);
    const row = (await store.read('jobs', [cronId])).get(cronId);
    if ((row?.version ?? 0) + 1 < first.version) return false;
    await store.write(await project(store, group, events));
    return true;
  }

  return async (events) => {
    if (events.length === 0) return true;
    if (clock.monotonic() < downUntil) return false;
    const projecting = inTurn(events).catch((error: unknown) => {
      downUntil = clock.monotonic() + DOWN_MS;
      logger.warn({ err: error }, 'read models lag behind a write');
      return false;
    });
    const projected = await inTime(clock, WAIT_MS, projecting);
    if (projected === undefined) downUntil = clock.monotonic() + DOWN_MS;
    return projected ?? false;
  };
}
