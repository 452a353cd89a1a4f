import { toTimestamp } from '../events/timestamp.js';
import type { JobHistory } from '../history/job-history.js';
import { jobOf } from '../history/job-of.js';
import type { CronJob } from '../job/cron-job.js';
import { DomainError } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import type { JobDocument } from '../ports/read-models.js';
import { StoreError } from '../ports/store-error.js';
import { invalidRequest } from './problem.js';
import type { Moment } from './time-travel-requests.js';

/** A job as it was. */
export interface PastJob {
  version: number;
  /** The time that was asked for, or that of the version's event; epoch milliseconds. */
  at: number;
  document: JobDocument;
  job: CronJob;
}

/** Jobs as they were, for requests; each function may throw StoreError, and ends when its signal aborts. */
export interface PastJobs {
  /**
   * @param field the parameter that names the moment
   * @throws DomainError cron_job_not_found when there was no such job then, ProblemError invalid_request for a moment
   *   that has not come
   */
  find(cronId: string, moment: Moment, field: string, signal: AbortSignal): Promise<PastJob>;
  /** As it is by the end of its stream, also when it is deleted. @throws DomainError cron_job_not_found */
  newest(cronId: string, signal: AbortSignal): Promise<PastJob>;
  /**
   * A job as it will be restored when it is deleted: then the log itself confirms how many runs it has had.
   * @throws DomainError cron_job_not_found
   */
  toRestore(cronId: string, signal: AbortSignal): Promise<PastJob>;
}

export interface PastJobsDependencies {
  history: JobHistory;
  clock: Clock;
}

export function createPastJobs({ history, clock }: PastJobsDependencies): PastJobs {
  async function newestVersion(cronId: string): Promise<number> {
    const newest = await history.newestVersion(cronId);
    if (newest === 0)
      throw new DomainError('cron_job_not_found', `there has never been a cron job ${cronId}`);
    return newest;
  }

  async function versionOf(
    cronId: string,
    moment: Moment,
    field: string,
    signal: AbortSignal,
  ): Promise<number> {
    const newest = await newestVersion(cronId);
    if ('version' in moment) {
      if (moment.version > newest)
        throw invalidRequest([{ field, message: `must not be beyond ${newest}, the newest version` }]);
      return moment.version;
    }
    const now = clock.now();
    if (moment.instant > now)
      throw invalidRequest([{ field, message: `must not be in the future: it is ${toTimestamp(now)}` }]);
    const version = await history.versionAt(cronId, moment.instant, signal);
    if (version > 0) return version;
    const first = await at(cronId, 1, undefined, signal);
    const then = toTimestamp(moment.instant);
    const why = `${cronId} was not there at ${then}: it was created at ${first.document.created_at}`;
    throw new DomainError('cron_job_not_found', why);
  }

  async function at(
    cronId: string,
    version: number,
    instant: number | undefined,
    signal: AbortSignal,
  ): Promise<PastJob> {
    const document = await history.stateAt(cronId, version, signal);
    if (document === undefined)
      throw new DomainError('cron_job_not_found', `${cronId} was not there at version ${version}`);
    const job = jobOf(document);
    return { version, at: instant ?? job.last_event_at, document, job };
  }

  async function newest(cronId: string, signal: AbortSignal): Promise<PastJob> {
    return at(cronId, await newestVersion(cronId), undefined, signal);
  }

  return {
    newest,
    async toRestore(cronId, signal) {
      const found = await newest(cronId, signal);
      const { deleted, last_run_no } = found.job;
      if (!deleted) return found;
      // Run ids follow from the number: nothing that can be made anew may decide it alone.
      const runs = await history.newestRunNo(cronId, found.version, signal);
      if (runs === last_run_no) return found;
      const why = `a snapshot of ${cronId} says that it has had ${last_run_no} runs; by the log it has had ${runs}`;
      throw new StoreError('store_damaged', `${why}: the read models must be made anew`);
    },
    async find(cronId, moment, field, signal) {
      const version = await versionOf(cronId, moment, field, signal);
      return at(cronId, version, 'instant' in moment ? moment.instant : undefined, signal);
    },
  };
}
