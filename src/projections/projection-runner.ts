import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { isTaken, mayPass } from '../ports/store-error.js';
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
  const projectFrom = createBatchProjector(group, { store, clock });
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
    resume: async () => projectFrom(await claims.resume()),
  });

  async function isProjected(target: Position): Promise<boolean> {
    if (follower.position() >= target) return true;
    const stored = await store.readCheckpoint(group.name);
    if (stored === undefined || stored.position < target) return false;
    // Models of a replaced log may claim a later position, until they are emptied.
    return (await checkpointFault(stored, stored.projection_version, log)) === undefined;
  }

  return {
    prepare: claims.prepare,
    whenOfThisLog: origin.whenOfThisLog,
    doubt: origin.doubt,
    run: follower.run,
    position: follower.position,
    caughtUpAt: follower.caughtUpAt,
    async whenProjected(target, signal) {
      const looks = createPauses(LOOKS);
      while (!signal.aborted && !(await isProjected(target))) {
        // A fresh wait each time: a failed projector may have resumed from before the target.
        const looking = abortWith(signal);
        await inTime(clock, looks.next(), follower.whenAt(target, looking.signal));
        looking.abort(NO_REASON);
      }
    },
  };
}
