import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import type { ProjectionGroup } from '../projections/projection.js';
import type { ProjectionRunner } from '../projections/projection-runner.js';
import { whenLogAnswers } from '../waiting/when-log-answers.js';
import type { JobFold } from './job-fold.js';
import { seedFold } from './seed-fold.js';

export interface StartFoldDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  logger: Logger;
  fold: JobFold;
  /** The projections in whose rows the states are stored. */
  group: ProjectionGroup;
  /** Those of all read models: models of another log must neither be shown nor seed the fold. */
  projections: Readonly<Record<string, Pick<ProjectionRunner, 'prepare'>>>;
}

/**
 * Prepares for following the log: waits for it, makes the read models match it, and seeds the fold.
 * @returns where to follow the log from
 * @throws the error that makes a store unusable from the start
 */
export async function startFold(dependencies: StartFoldDependencies, signal: AbortSignal): Promise<Position> {
  const { log, store, clock, logger, fold, group, projections } = dependencies;
  await whenLogAnswers({ log, clock, logger }, signal);
  if (signal.aborted) return START;
  try {
    for (const projection of Object.values(projections)) await projection.prepare();
  } catch (error) {
    // A start does not wait for the read store: then the projector does it later.
    if (!(error instanceof StoreError)) throw error;
    logger.warn({ err: error }, 'read store not usable yet; the projector prepares it later');
  }
  return seedFold(fold, group, { log, store, logger });
}
