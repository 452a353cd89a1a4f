import type { JobFold } from './job-fold.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { checkpointFault, provenPosition } from '../projections/checkpoint-fault.js';
import { storedState } from '../projections/jobs.js';
import type { ProjectionGroup } from '../projections/projection.js';

/**
 * A cold start need not read the log from its beginning: the states stored with the read models are taken when they
 * belong to this log and this fold. Without the read store the log is enough.
 * @returns where to follow the log from
 */
export async function seedFold(
  fold: JobFold,
  group: ProjectionGroup,
  { log, store, logger }: { log: EventLog; store: ReadStore; logger: Logger },
): Promise<Position> {
  try {
    const checkpoint = await store.readCheckpoint(group.name);
    if (checkpoint === undefined) return START;
    const fault = await checkpointFault(checkpoint, group.version, log);
    if (fault !== undefined) return START;
    for await (const rows of store.readAll('jobs')) {
      for (const row of rows) {
        const job = storedState(row);
        if (job !== undefined) fold.seed({ job, version: row.version });
      }
    }
    // If the models were emptied or rebuilt meanwhile, the rows read are sound, but may be incomplete.
    const after = await store.readCheckpoint(group.name);
    return after !== undefined && provenPosition(after) >= provenPosition(checkpoint)
      ? provenPosition(checkpoint)
      : START;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    logger.warn({ err: error }, 'stored states not readable; folding the whole log instead');
    return START;
  }
}
