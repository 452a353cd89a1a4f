import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { storedState } from '../projections/jobs.js';
import type { ProjectionGroup } from '../projections/projection.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { createJobFold, type FoldedJob } from './job-fold.js';
import { createJobsFollower } from './jobs-follower.js';
import { seedFold } from './seed-fold.js';

export interface FoldOnceDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  logger: Logger;
  /** The projections in whose rows the states are stored. */
  group: ProjectionGroup;
}

/** One job as it is by now: from its stored state and what its stream has behind that. @throws StoreError */
export async function foldJob(
  cronId: string,
  { log, store }: Pick<FoldOnceDependencies, 'log' | 'store'>,
): Promise<FoldedJob | undefined> {
  const fold = createJobFold(log);
  const row = (await store.read('jobs', [cronId])).get(cronId);
  const job = row && storedState(row);
  if (job !== undefined) fold.seed({ job, version: row?.version ?? 0 });
  return fold.refresh(cronId);
}

/** All jobs as they are by now, the deleted ones left out where nothing can happen to them any more. @throws StoreError */
export async function foldJobs(dependencies: FoldOnceDependencies): Promise<FoldedJob[]> {
  const { log, store, clock, logger, group } = dependencies;
  const fold = createJobFold(log);
  const seed = () => seedFold(fold, group, { log, store, logger });
  const follower = createJobsFollower({ log, fold, clock, logger, seed, onResume: () => undefined });
  const over = new AbortController();
  const running = follower.run(over.signal);
  await Promise.race([follower.caughtUp, running]);
  over.abort(NO_REASON);
  await running;
  return [...fold.all()];
}
