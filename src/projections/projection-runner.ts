import { createProgress } from '../waiting/progress.js';
import { abortWith } from '../waiting/abort-with.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position, RecordedEvent } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { inTime } from '../waiting/in-time.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { isTaken, mayPass } from '../ports/store-error.js';
import { checkpointFault } from './checkpoint-fault.js';
import { createModelsClaim } from './models-claim.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

export interface ProjectionRunner {
  /** See ModelsClaim. */
  prepare: () => Promise<void>;
  /** Follows the log until `signal` aborts; resolves when it has stopped. Faults are logged and met again after a pause. */
  run: (signal: AbortSignal) => Promise<void>;
  /**
   * Resolves when everything up to `position` is in the models, whichever process projects it, or `signal` aborts.
   * @throws StoreError when another one may be projecting, and store or log do not tell how far it is
   */
  whenProjected(position: Position, signal: AbortSignal): Promise<void>;
  /** How far this process has come. */
  position(): Position;
  /** When this process was last at the end of the log, monotonic milliseconds; undefined while it does not project. */
  caughtUpAt(): number | undefined;
}

export interface ProjectionRunnerDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  ids: Ids;
  logger: Logger;
}

const LONGEST_PAUSE_MS = 30_000;
/**
 * Projected at once. A store that is too slow for so many would fail each time and never get on: so fewer after a
 * failure, and some more with each success.
 */
const MOST_EVENTS = 1_000;
const LEAST_EVENTS = 16;
const REBUILD_PROGRESS_EVENTS = 100_000;
/** How soon it is looked how far another process has come; less and less often. */
const FIRST_LOOK_MS = 25;
const LONGEST_LOOK_MS = 5_000;

/** Keeps the models of one group up with the log: rows first, then the checkpoint, one batch at a time. */
export function createProjectionRunner(
  group: ProjectionGroup,
  dependencies: ProjectionRunnerDependencies,
): ProjectionRunner {
  const { log, store, clock, logger } = dependencies;
  const claims = createModelsClaim(group, dependencies);
  const progress = createProgress();
  let mostEvents = MOST_EVENTS;
  let caughtUpAt: number | undefined;

  async function follow(signal: AbortSignal, onProgress: () => void): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    let checkpoint = await claims.resume();
    progress.moveTo(checkpoint.position);
    let events = 0;
    const write = async (slice: readonly RecordedEvent[], position: Position): Promise<void> => {
      const last = slice.at(-1);
      const event = last ? { position: last.position, id: last.id } : checkpoint.event;
      checkpoint = { ...checkpoint, position, event };
      await store.write(await project(store, group, slice), { name: group.name, checkpoint });
      progress.moveTo(position);
      mostEvents = Math.min(mostEvents + LEAST_EVENTS, MOST_EVENTS);
      onProgress();
    };
    for await (const batch of log.subscribe({
      from: checkpoint.position,
      prefixes: group.prefixes,
      signal,
    })) {
      if (batch.position !== checkpoint.position) {
        let at = 0;
        do {
          const slice = batch.events.slice(at, at + mostEvents);
          at += mostEvents;
          const isLast = at >= batch.events.length;
          await write(slice, isLast ? batch.position : (slice.at(-1)?.position ?? batch.position));
          if (isOver()) return;
        } while (at < batch.events.length);
        const before = Math.floor(events / REBUILD_PROGRESS_EVENTS);
        events += batch.events.length;
        if (Math.floor(events / REBUILD_PROGRESS_EVENTS) > before && !batch.caughtUp) {
          logger.info({ projection: group.name, events }, 'projecting the log');
        }
      }
      if (batch.caughtUp) caughtUpAt = clock.monotonic();
      onProgress();
    }
  }

  async function isProjected(target: Position): Promise<boolean> {
    if (progress.position() >= target) return true;
    const stored = await store.readCheckpoint(group.name);
    if (stored === undefined || stored.position < target) return false;
    // Models of a log that was replaced may say more, until they are emptied.
    return (await checkpointFault(stored, stored.projection_version, log)) === undefined;
  }

  return {
    prepare: claims.prepare,
    position: progress.position,
    caughtUpAt: () => caughtUpAt,
    async run(signal) {
      let failures = 0;
      caughtUpAt = clock.monotonic();
      while (!signal.aborted) {
        try {
          await follow(signal, () => (failures = 0));
        } catch (error) {
          failures++;
          mostEvents = Math.max(LEAST_EVENTS, Math.floor(mostEvents / 4));
          logger[mayPass(error) || isTaken(error) ? 'warn' : 'error'](
            { err: error, projection: group.name, position: progress.position() },
            'the projection has stopped; it is tried again',
          );
          await clock.sleep(Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS), signal);
        }
      }
      caughtUpAt = undefined;
    },
    async whenProjected(target, signal) {
      for (let pause = FIRST_LOOK_MS; !signal.aborted && !(await isProjected(target));) {
        // Anew each time: a projector that has failed may have gone back behind the target.
        const looking = abortWith(signal);
        await inTime(clock, pause, progress.whenAt(target, looking.signal));
        looking.abort();
        pause = Math.min(pause * 2, LONGEST_LOOK_MS);
      }
    },
  };
}
