import type { RunRules } from '../events/job-events.js';
import type { JobFold } from '../fold/job-fold.js';
import { deletedJob } from '../job/remains-of.js';
import { rulesInForce } from '../job/rules-in-force.js';
import type { ReadStore } from '../ports/read-store.js';

interface RunOfJob {
  cron_id: string;
  run_id: string;
}

/**
 * The rules of runs, open or not, as they were at their start. One that has not recorded them, as those of earlier
 * versions, goes by those of its job today; of a deleted job these are the ones of the environment.
 * @throws StoreError
 */
export type RulesOfRuns = (runs: readonly RunOfJob[]) => Promise<(run: RunOfJob) => RunRules>;

export interface RulesOfRunsDependencies {
  /** Must have the runs that are asked for. */
  store: Pick<ReadStore, 'read'>;
  fold: Pick<JobFold, 'get'>;
  /** Of jobs without their own: days before the expiry. */
  thresholds: readonly number[];
}

export function createRulesOfRuns({ store, fold, thresholds }: RulesOfRunsDependencies): RulesOfRuns {
  return async (runs) => {
    const rows = await store.read('runs', [...new Set(runs.map(({ run_id }) => run_id))]);
    return ({ cron_id, run_id }) => {
      const recorded = rows.get(run_id)?.document.rules ?? null;
      const job = fold.get(cron_id)?.job ?? deletedJob(cron_id);
      return recorded ?? rulesInForce(job.config, thresholds);
    };
  };
}
