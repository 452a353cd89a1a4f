import { toTimestamp } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import { acceptedUnder, type RequestKey } from '../job/accept-request.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { fitsFilter } from '../ports/job-list.js';
import type { ReadStore } from '../ports/read-store.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { readAccepted } from './accepted-answer.js';
import { bulkPage, type BulkJob, type BulkPage } from './bulk-page.js';
import type { BulkRequest } from './bulk-requests.js';
import { jobFilterOf } from './job-filter.js';
import type { JobReads } from './job-reads.js';
import { readsBehind } from './problem.js';

export interface BulkJobsDependencies {
  jobs: Pick<JobReads, 'list' | 'find'>;
  store: Pick<ReadStore, 'read'>;
  fold: Pick<JobFold, 'all' | 'get'>;
  log: Pick<EventLog, 'readStream'>;
  clock: Clock;
}

export interface FoundJobs extends BulkPage {
  /** Of the jobs that fit, or did at the first page. */
  total: number;
  /**
   * Of some of them, right before they are acted on: whether each still fits, or remembers the request. Others may have
   * changed it while this request has waited for its turn.
   * @throws ProblemError reads_behind; StoreError
   */
  areStillMeant(cronIds: readonly string[]): Promise<boolean[]>;
}

/** Finds the jobs that a bulk request is to act on. */
export interface BulkJobs {
  /**
   * @param key of a request that may be a repeat
   * @throws DomainError idempotency_key_reused when the key was of another request; ProblemError reads_behind; StoreError
   */
  find(asked: BulkRequest, key: RequestKey | undefined): Promise<FoundJobs>;
}

export function createBulkJobs({ jobs, store, fold, log, clock }: BulkJobsDependencies): BulkJobs {
  /** The jobs that remember the request, as this instance has read of them. */
  async function acceptedUnderKey(key: RequestKey): Promise<BulkJob[]> {
    const found: string[] = [];
    const now = clock.now();
    const nextSlice = inSlices(clock);
    for (const { job } of fold.all()) {
      await nextSlice();
      const version = acceptedUnder(job, key.key_hash, now);
      if (version === undefined) continue;
      if (found.length === 0) await readAccepted(log, job.cron_id, version, key);
      found.push(job.cron_id);
    }
    const rows = await Promise.all(found.map((cronId) => jobs.find(cronId)));
    return rows.filter(({ deleted_at }) => deleted_at === null);
  }

  function remembers(cronId: string, { key_hash }: RequestKey): boolean {
    const job = fold.get(cronId)?.job;
    return job !== undefined && acceptedUnder(job, key_hash, clock.now()) !== undefined;
  }

  return {
    async find({ filter, cursor, limit }, key) {
      const fitting = jobFilterOf(filter, toTimestamp(clock.now()));
      const listed = await jobs.list({
        filter: fitting,
        after: cursor && { value: cursor.value, cron_id: cursor.cron_id },
        offset: 0,
        limit,
        total: cursor?.total,
      });
      // After the list: a job that stops fitting between the two is in both.
      const accepted = key === undefined ? [] : await acceptedUnderKey(key);
      const page = bulkPage({ listed: listed.jobs, more: listed.next !== undefined, accepted }, limit);
      return {
        ...page,
        total: cursor?.total ?? listed.total,
        async areStillMeant(cronIds) {
          const rows = await store.read('jobs', cronIds);
          return cronIds.map((cronId) => {
            if (key !== undefined && remembers(cronId, key)) return true;
            const row = rows.get(cronId)?.document;
            if (row === undefined) throw readsBehind();
            return fitsFilter(row, fitting);
          });
        },
      };
    },
  };
}
