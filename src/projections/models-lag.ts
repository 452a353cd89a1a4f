import type { Clock } from '../ports/clock.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import { EMPTYING, type ReadStore } from '../ports/read-store.js';
import type { ProjectionGroup } from './projection.js';

/** Tells a projector that is on its way, or is being relieved, from models that are made anew. */
export interface ModelsLag {
  /** Whether the models lack events that this process read more than a minute ago, or when it started. @throws StoreError */
  isLong: () => Promise<boolean>;
  /**
   * For an answer of many rows, which cannot tell by itself what it lacks. The models may be emptied while it is read, and
   * be full again by its end: only a projector that claims them does that, so it is read again when another one has come.
   * @throws what `read` throws; StoreError
   */
  reading: <T>(read: () => Promise<T>) => Promise<Reading<T>>;
}

/** What was read, and what is known of the models meanwhile. */
export interface Reading<T> {
  found: T;
  /** Nobody emptied them. */
  isOfOneState: boolean;
  /** They may have lacked what `ModelsLag.isLong` says. */
  isLong: boolean;
}

/** Nobody claims them so often while one answer is read, unless something is wrong. */
const MOST_READINGS = 3;

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

  async function look(): Promise<{ isLong: boolean; projector: string | undefined }> {
    const stored = await store.readCheckpoint(name);
    if (stored === undefined || stored.projection_version === EMPTYING)
      return { isLong: true, projector: undefined };
    const isOld = noted !== undefined && noted.at + LONG_MS <= clock.monotonic();
    const known = (isOld ? noted?.position : before) ?? reader.position();
    return { isLong: stored.position < known, projector: stored.projector };
  }

  return {
    isLong: async () => (await look()).isLong,
    async reading(read) {
      let first = await look();
      for (let times = 1; ; times++) {
        const found = await read();
        const last = await look();
        const isOfOneState = last.projector !== undefined && last.projector === first.projector;
        if (isOfOneState || times === MOST_READINGS)
          return { found, isOfOneState, isLong: first.isLong || last.isLong };
        first = last;
      }
    },
  };
}
