import { START, type EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ModelName } from '../ports/read-models.js';
import { EMPTYING, type Checkpoint, type ReadStore } from '../ports/read-store.js';
import { isTaken } from '../ports/store-error.js';
import { checkpointFault, provenPosition } from './checkpoint-fault.js';
import type { ProjectionGroup } from './projection.js';

/** Whose the models of a group are, and from where they go on. */
export interface ModelsClaim {
  /**
   * Makes a beginning where there is none, and where the models belong to another log, before anybody writes rows or
   * shows them. Models of another version, and those that are being emptied, are left to whoever leads.
   * @throws StoreError
   */
  prepare: () => Promise<void>;
  /**
   * Claims the stored checkpoint, when it was made by these projections from this very log; else the models are emptied.
   * @returns the claimed checkpoint, from where to go on. @throws StoreError
   */
  resume(): Promise<Checkpoint>;
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
  const { name, version, projections } = group;
  const models = projections.map(({ model }) => model);

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
      logger.warn({ projection: name, reason }, 'read models are rebuilt from the log');
    return claim(stored, { position: START, event: null }, models);
  }

  async function whyOfAnotherLog(stored: Checkpoint): Promise<string | undefined> {
    // Rows that writers have put there, and no event yet by which a log could be told.
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
      try {
        await beginAnew(stored, reason);
      } catch (error) {
        // Another one was quicker, and does it.
        if (!isTaken(error)) throw error;
      }
    },
    async resume() {
      const stored = await store.readCheckpoint(name);
      if (stored === undefined) return beginAnew(stored);
      const reason = await checkpointFault(stored, version, log);
      if (reason !== undefined) return beginAnew(stored, reason);
      return claim(stored, { position: provenPosition(stored), event: stored.event }, []);
    },
  };
}
