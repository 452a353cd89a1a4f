import type { JobFold } from '../commands/job-fold.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import { checkpointFault } from './checkpoint-fault.js';
import { storedState } from './jobs.js';
import type { ProjectionGroup } from './projection.js';

/**
 * A cold start need not read the log from its beginning: the states stored with the read models are taken when they
 * belong to this log and this fold.
 * @returns where to follow the log from
 */
export async function seedFold(
  fold: JobFold,
  group: ProjectionGroup,
  dependencies: { log: EventLog; store: ReadStore },
): Promise<Position> {
  const { log, store } = dependencies;
  const checkpoint = await store.readCheckpoint(group.name);
  if (checkpoint === undefined || (await checkpointFault(checkpoint, group.version, log)) !== undefined)
    return START;
  for await (const rows of store.readAll('jobs')) {
    for (const { version, document } of rows) {
      const job = storedState(document.state);
      if (job !== undefined) fold.seed({ job, version });
    }
  }
  return checkpoint.position;
}
