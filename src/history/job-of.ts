import type { CronJob } from '../job/cron-job.js';
import type { JobDocument } from '../ports/read-models.js';
import { storedState } from '../projections/jobs.js';

/** The state of a job as `JobHistory` gives it: of this fold, and with a checksum where it was stored. */
export function jobOf(document: JobDocument): CronJob {
  const job = storedState({ version: document.state.version, document });
  if (job === undefined) throw new Error(`the state of ${document.cron_id} is of another fold`);
  return job;
}
