import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

/**
 * Read your writes: the writer brings the read models up to its own events before it answers. The projector remains
 * the guarantee, so a failure here only costs freshness, and a job whose row is behind is left to it.
 */
export function createOwnWritesProjection(store: ReadStore, group: ProjectionGroup, logger: Logger) {
  return async (events: readonly RecordedEvent[]): Promise<void> => {
    if (events.length === 0) return;
    try {
      const rows = await store.read('jobs', [...new Set(events.map(({ stream }) => cronIdOf(stream)))]);
      const firsts = new Map<string, number>();
      for (const { stream, version } of events) if (!firsts.has(stream)) firsts.set(stream, version);
      const next = events.filter(({ stream }) => {
        const row = rows.get(cronIdOf(stream));
        return (row?.version ?? 0) + 1 >= (firsts.get(stream) ?? Infinity);
      });
      await store.write(await project(store, group, next));
    } catch (error) {
      logger.warn({ err: error }, 'read models lag: a write was not projected at once');
    }
  };
}
