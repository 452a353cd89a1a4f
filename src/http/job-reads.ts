import { toTimestamp } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import { DomainError, noSuchJob } from '../job/domain-error.js';
import { runIdOf, runNumberIn } from '../events/stream-names.js';
import type { JobDocument, RunDocument } from '../ports/read-models.js';
import type { JobsAsked, JobsFound, ListedJob } from '../ports/job-list.js';
import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { ProblemError, readsBehind } from './problem.js';

export interface JobReadsDependencies {
  store: Pick<ReadStore, 'read' | 'listJobs'>;
  fold: Pick<JobFold, 'get' | 'live'>;
  /** Whether the read models lack what this instance has known for some time, as while they are made anew. */
  modelsLag: {
    isLong: () => Promise<boolean>;
    /** Reads again when the models may have been emptied meanwhile. */
    reading: <T>(read: () => Promise<T>) => Promise<{ found: T; isOfOneState: boolean; isLong: boolean }>;
  };
}

/**
 * Reads of the jobs and their runs. While the models are made anew from the log they lack jobs, changes and runs that
 * were acknowledged long ago: a client that takes that for the truth would create its jobs again. Who meets such a gap is
 * asked to come back.
 */
export interface JobReads {
  /** Also a deleted job, whose runs stay. @throws DomainError cron_job_not_found; ProblemError reads_behind; StoreError */
  find(cronId: string): Promise<JobDocument>;
  /** @throws DomainError cron_job_not_found when it is deleted, too; ProblemError reads_behind; StoreError */
  findPresent(cronId: string): Promise<JobDocument>;
  /** @throws ProblemError reads_behind; StoreError */
  list(asked: JobsAsked): Promise<JobsFound>;
  /**
   * For an answer of many rows.
   * @param isWhole whether it tells by itself that it lacks nothing: else the models must not be far behind
   * @throws what `read` throws; ProblemError reads_behind; StoreError
   */
  whole<T>(read: () => Promise<T>, isWhole?: (found: T) => boolean): Promise<T>;
  /**
   * A run of this job, also of a deleted one.
   * @throws DomainError cron_job_not_found, run_not_found; ProblemError reads_behind; StoreError
   */
  findRun(cronId: string, runId: string): Promise<RunDocument>;
}

export function createJobReads({ store, fold, modelsLag }: JobReadsDependencies): JobReads {
  /** Whether row and fold differ: one of them is behind, and mostly by some milliseconds. */
  function differs({ cron_id, updated_at, run_count, deleted_at }: ListedJob): boolean {
    const known = fold.get(cron_id)?.job;
    if (known === undefined || known.deleted) return deleted_at === null;
    return updated_at !== toTimestamp(known.updated_at) || run_count !== known.last_run_no;
  }

  async function find(cronId: string): Promise<JobDocument> {
    const row = (await store.read('jobs', [cronId])).get(cronId)?.document;
    const known = fold.get(cronId)?.job;
    if (row === undefined) throw known === undefined ? noSuchJob(cronId, false) : readsBehind();
    if (differs(row) && (await modelsLag.isLong())) throw readsBehind();
    return row;
  }

  async function whole<T>(read: () => Promise<T>, isWhole?: (found: T) => boolean): Promise<T> {
    const { found, isOfOneState, isLong } = await modelsLag.reading(read);
    if (!isOfOneState || (isLong && isWhole?.(found) !== true)) throw readsBehind();
    return found;
  }

  /** Of all jobs the ones in memory tell how many there are, and how new; not what fits. */
  function isAsKnown(asked: JobsAsked, { jobs, total }: JobsFound): boolean {
    const length = Math.min(Math.max(total - asked.offset, 0), asked.limit);
    return isOfAll(asked) && total === fold.live() && jobs.length === length && !jobs.some(differs);
  }

  /** Of a deleted job that has come to rest only the read models know the runs. */
  function isKnown(cronId: string, runId: string): boolean {
    const number = runNumberIn(runId);
    const most = fold.get(cronId)?.job.last_run_no ?? 0;
    return number >= 1 && number <= most && runIdOf(cronId, number) === runId;
  }

  return {
    find,
    async findRun(cronId, runId) {
      const row = (await store.read('runs', [runId])).get(runId)?.document;
      if (row?.cron_id === cronId) return row;
      if (isKnown(cronId, runId)) throw readsBehind();
      await find(cronId);
      throw new DomainError('run_not_found', `${cronId} has no run ${runId}`);
    },
    async findPresent(cronId) {
      if (fold.get(cronId)?.job.deleted === true) throw noSuchJob(cronId, true);
      const row = await find(cronId);
      if (row.deleted_at !== null) throw noSuchJob(cronId, true);
      return row;
    },
    list: (asked) =>
      whole(
        () => store.listJobs(asked),
        (found) => isAsKnown(asked, found),
      ),
    whole,
  };
}

/** Whether its total is the number of jobs. */
function isOfAll({ filter = {}, after }: JobsAsked): boolean {
  return after === undefined && Object.values(filter).every((asked) => asked === undefined);
}

/** For an answer that does without the read models where they cannot be asked, or lack what is asked for. */
export async function ifReadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StoreError || error instanceof ProblemError || error instanceof DomainError)
      return undefined;
    throw error;
  }
}
