import type { Clock } from '../ports/clock.js';
import type { Position } from '../ports/event-log.js';
import { EMPTYING, type ReadStore } from '../ports/read-store.js';
import type { ProjectionGroup } from './projection.js';

/** Tells a projector that is on its way, or is being relieved, from models that are made anew. */
export interface ModelsLag {
  /** Whether the models lack events that this process has read more than a minute ago. @throws StoreError */
  isLong: () => Promise<boolean>;
  /** Notes how far this process has read, from time to time, until `signal` aborts. */
  run: (signal: AbortSignal) => Promise<void>;
}

const LOOK_EVERY_MS = 60_000;

/** @param position how far this process has read the same events that the group projects */
export function createModelsLag(
  { name }: Pick<ProjectionGroup, 'name'>,
  { store, clock, position }: { store: ReadStore; clock: Clock; position: () => Position },
): ModelsLag {
  let atLastLook: Position | undefined;
  let read: Position | undefined;
  return {
    async isLong() {
      const stored = await store.readCheckpoint(name);
      if (stored === undefined || stored.projection_version === EMPTYING) return true;
      return stored.position < (read ?? position());
    },
    async run(signal) {
      while (!signal.aborted) {
        // What a start has read is old: the models should have it.
        read = atLastLook ?? position();
        atLastLook = position();
        await clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}
