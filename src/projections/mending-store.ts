import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { createModelsClaim, type ModelsClaimDependencies } from './models-claim.js';
import type { ProjectionGroup } from './projection.js';

/**
 * A read store whose damage is mended as soon as somebody meets it: whoever reads a damaged row gets the error, and the
 * models are made anew from the log.
 */
export function createMendingStore(
  groups: readonly ProjectionGroup[],
  dependencies: ModelsClaimDependencies,
): ReadStore {
  const { store, logger } = dependencies;
  const claims = groups.map((group) => createModelsClaim(group, dependencies));
  let mending: Promise<void> | undefined;

  async function mend(): Promise<void> {
    try {
      for (const claim of claims) await claim.makeAnew('a row is damaged');
    } catch (error) {
      logger.warn(
        { err: error },
        'damaged read models cannot be emptied; their file is set aside at the next start',
      );
    }
  }

  function note(error: unknown): never {
    if (error instanceof StoreError && error.code === 'store_damaged') {
      mending ??= mend().finally(() => {
        mending = undefined;
      });
    }
    throw error;
  }

  return {
    read: (model, keys) => store.read(model, keys).catch(note),
    async *readAll(model) {
      try {
        yield* store.readAll(model);
      } catch (error) {
        note(error);
      }
    },
    write: (changes, checkpoint) => store.write(changes, checkpoint).catch(note),
    readCheckpoint: (name) => store.readCheckpoint(name).catch(note),
    claim: (claim) => store.claim(claim).catch(note),
    listJobs: (asked) => store.listJobs(asked).catch(note),
    snapshotBefore: (cronId, version) => store.snapshotBefore(cronId, version).catch(note),
    listRuns: (cronId, range) => store.listRuns(cronId, range).catch(note),
    findRuns: (asked) => store.findRuns(asked).catch(note),
    countRuns: (filter, most) => store.countRuns(filter, most).catch(note),
    remindersOf: (certificationIds) => store.remindersOf(certificationIds).catch(note),
    listReminders: (runId, page) => store.listReminders(runId, page).catch(note),
    listEvents: (filter) => store.listEvents(filter).catch(note),
    close: () => store.close(),
  };
}
