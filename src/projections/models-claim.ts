import { START, type EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ModelName } from '../ports/read-models.js';
import { EMPTYING, type Checkpoint, type ReadStore } from '../ports/read-store.js';
import { isTaken } from '../ports/store-error.js';
import { checkpointFault, provenPosition } from './checkpoint-fault.js';
import { modelsOf, type ProjectionGroup } from './projection.js';

/** Ownership of a group's models, and the position to resume from. */
export interface ModelsClaim {
  /**
   * Initializes the models when they have no checkpoint or belong to another log, before any process writes or shows
   * rows. Models of another version, and those being emptied, are left to the leader.
   * @throws StoreError
   */
  prepare: () => Promise<void>;
  /**
   * Claims the stored checkpoint, when these projections wrote it from this very log; else empties the models.
   * @returns the claimed checkpoint, to resume from. @throws StoreError
   */
  resume(): Promise<Checkpoint>;
  /**
   * Has the models made anew: whoever projects them loses its claim, and finds them empty when it resumes.
   * @throws StoreError
   */
  makeAnew: (reason: string) => Promise<void>;
}

export interface ModelsClaimDependencies {
  log: EventLog;
  store: ReadStore;
  ids: Ids;
  logger: Logger;
}

export function createModelsClaim(
  group: ProjectionGroup,
  { log, store, ids, logger }: ModelsClaimDependencies,
): ModelsClaim {
  const { name, version } = group;
  const models = modelsOf(group);

  async function claim(
    stored: Checkpoint | undefined,
    from: Pick<Checkpoint, 'position' | 'event'>,
    emptied: readonly ModelName[],
  ): Promise<Checkpoint> {
    const checkpoint = { ...from, projection_version: version, projector: ids.uuid() };
    await store.claim({ name, checkpoint, instead: stored?.projector, emptied });
    return checkpoint;
  }

  function beginAnew(stored: Checkpoint | undefined, reason?: string): Promise<Checkpoint> {
    if (reason !== undefined)
      logger.warn({ projection: name, reason }, 'rebuilding read models from the log');
    return claim(stored, { position: START, event: null }, models);
  }

  async function beginAnewUnlessTaken(stored: Checkpoint | undefined, reason?: string): Promise<void> {
    try {
      await beginAnew(stored, reason);
    } catch (error) {
      // Another one was quicker, and does it.
      if (!isTaken(error)) throw error;
    }
  }

  async function whyOfAnotherLog(stored: Checkpoint): Promise<string | undefined> {
    // Writers have stored rows, but no event identifies the log yet.
    if (stored.event === null && (await hasRows())) return 'nothing tells which log they belong to';
    return checkpointFault(stored, stored.projection_version, log);
  }

  async function hasRows(): Promise<boolean> {
    for (const model of models)
      for await (const rows of store.readAll(model)) if (rows.length > 0) return true;
    return false;
  }

  return {
    async prepare() {
      const stored = await store.readCheckpoint(name);
      if (stored?.projection_version === EMPTYING) return;
      const reason = stored && (await whyOfAnotherLog(stored));
      if (stored !== undefined && reason === undefined) return;
      await beginAnewUnlessTaken(stored, reason);
    },
    async resume() {
      const stored = await store.readCheckpoint(name);
      if (stored === undefined) return beginAnew(stored);
      const reason = await checkpointFault(stored, version, log);
      if (reason !== undefined) return beginAnew(stored, reason);
      return claim(stored, { position: provenPosition(stored), event: stored.event }, []);
    },
    async makeAnew(reason) {
      await beginAnewUnlessTaken(await store.readCheckpoint(name), reason);
    },
  };
}
