import type { Clock } from '../ports/clock.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import { EMPTYING, type ReadStore } from '../ports/read-store.js';
import type { ProjectionGroup } from './projection.js';

/** Tells a projector that is on its way, or is being relieved, from models that are made anew. */
export interface ModelsLag {
  /** Whether the models lack events that this process read more than a minute ago, or when it started. @throws StoreError */
  isLong: () => Promise<boolean>;
}

export interface ModelsLagDependencies {
  store: Pick<ReadStore, 'readCheckpoint'>;
  clock: Clock;
  /** This process's reader of the events that the group projects. */
  reader: {
    caughtUp: Promise<void>;
    position: () => Position;
    tap: (listener: (events: readonly RecordedEvent[]) => void) => void;
  };
}

const LONG_MS = 60_000;

export function createModelsLag(
  { name }: Pick<ProjectionGroup, 'name'>,
  { store, clock, reader }: ModelsLagDependencies,
): ModelsLag {
  /** How far the process had read, and when (monotonic); and the same at least a minute before. */
  let noted: { position: Position; at: number } | undefined;
  let before: Position | undefined;

  function note(position: Position, at: number): void {
    before = noted?.position ?? position;
    noted = { position, at };
  }

  void reader.caughtUp.then(() => {
    note(reader.position(), clock.monotonic());
  });
  reader.tap((events) => {
    const last = events.at(-1);
    const now = clock.monotonic();
    if (last !== undefined && noted !== undefined && noted.at + LONG_MS <= now) note(last.position, now);
  });

  return {
    async isLong() {
      const stored = await store.readCheckpoint(name);
      if (stored === undefined || stored.projection_version === EMPTYING) return true;
      const isOld = noted !== undefined && noted.at + LONG_MS <= clock.monotonic();
      return stored.position < ((isOld ? noted?.position : before) ?? reader.position());
    },
  };
}
