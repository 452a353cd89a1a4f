import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { isTaken, mayPass, StoreError } from '../ports/store-error.js';
import { abortWith } from '../waiting/abort-with.js';
import { inTime } from '../waiting/in-time.js';
import { createPauses } from '../waiting/pauses.js';
import { checkpointFault } from './checkpoint-fault.js';
import { createModelsClaim } from './models-claim.js';
import { createModelsOrigin, LOOKS, type ModelsOrigin } from './models-origin.js';
import { createBatchProjector } from './project-batches.js';
import type { ProjectionGroup } from './projection.js';
import { NO_REASON } from '../waiting/no-reason.js';

export interface ProjectionRunner extends Pick<Follower, 'run' | 'position' | 'caughtUpAt'>, ModelsOrigin {
  /** See ModelsClaim. */
  prepare: () => Promise<void>;
  /**
   * Resolves when everything up to `position` is in the models, whichever process projects it, or `signal` aborts.
   * @throws StoreError when another process may be projecting, and its position cannot be read from store or log
   */
  whenProjected(position: Position, signal: AbortSignal): Promise<void>;
  /**
   * The same for a reader of many rows: they may be emptied while it reads, when the models are made anew.
   * @returns rejects with StoreError when they may have been since
   */
  whenKnown: (position: Position, signal: AbortSignal) => Promise<() => Promise<void>>;
}

export interface ProjectionRunnerDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  ids: Ids;
  logger: Logger;
}

/** Keeps the models of one group up with the log: rows first, then the checkpoint, one batch at a time. */
export function createProjectionRunner(
  group: ProjectionGroup,
  { log, store, clock, ids, logger }: ProjectionRunnerDependencies,
): ProjectionRunner {
  const claims = createModelsClaim(group, { log, store, ids, logger });
  const origin = createModelsOrigin(group, { log, store, clock });
  const projectFrom = createBatchProjector(group, { store, clock, makeAnew: claims.makeAnew });
  /** Of our own claim, if any. */
  let projector: string | undefined;
  const follower = createFollower({
    log,
    clock,
    logger,
    prefixes: group.prefixes,
    pauses: { firstMs: 200, longestMs: 30_000 },
    faultText: 'projecting failed; retrying',
    progressText: 'projecting the log',
    fields: { projection: group.name },
    isTransient: (error) => mayPass(error) || isTaken(error),
    resume: async () => {
      const claimed = await claims.resume();
      const resumed = projectFrom(claimed);
      return {
        ...resumed,
        take(batch, signal, moveTo) {
          // Not before: until now the position may still be that of the claim before.
          projector = claimed.projector;
          return resumed.take(batch, signal, moveTo);
        },
      };
    },
  });

  async function isProjected(target: Position): Promise<boolean> {
    const stored = await store.readCheckpoint(group.name);
    // The position of a follower whose claim is gone is that of models that have been emptied.
    if (stored !== undefined && stored.projector === projector && follower.position() >= target) return true;
    if (stored === undefined || stored.position < target) return false;
    // Models of another version or of a replaced log may claim a later position, until they are emptied.
    return (await checkpointFault(stored, group.version, log)) === undefined;
  }

  async function whenProjected(target: Position, signal: AbortSignal): Promise<void> {
    const looks = createPauses(LOOKS);
    while (!signal.aborted && !(await isProjected(target))) {
      // A fresh wait each time: a failed projector may have resumed from before the target.
      const looking = abortWith(signal);
      await inTime(clock, looks.next(), follower.whenAt(target, looking.signal));
      looking.abort(NO_REASON);
    }
  }

  return {
    prepare: claims.prepare,
    whenOfThisLog: origin.whenOfThisLog,
    doubt: origin.doubt,
    run: follower.run,
    position: follower.position,
    caughtUpAt: follower.caughtUpAt,
    whenProjected,
    async whenKnown(target, signal) {
      await origin.whenOfThisLog(signal);
      const before = await ownerOf(group.name, store);
      await whenProjected(target, signal);
      return async () => {
        if ((await ownerOf(group.name, store)) !== before)
          throw new StoreError('checkpoint_taken', `the models of ${group.name} were claimed anew meanwhile`);
      };
    },
  };
}

/** Whoever empties the models claims them before. */
async function ownerOf(name: string, store: Pick<ReadStore, 'readCheckpoint'>): Promise<string | undefined> {
  return (await store.readCheckpoint(name))?.projector;
}
