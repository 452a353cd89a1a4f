import type { RequestHandler } from 'express';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { JobFilter, JobsAsked, JobSort, ListedJob } from '../ports/job-list.js';
import { cursorText } from './cursor.js';
import type { JobAnswers } from './job-answers.js';
import { jobFilterOf } from './job-filter.js';
import type { JobReads } from './job-reads.js';
import { jobListQuery, type JobListQuery } from './list-requests.js';
import { parseQuery } from './parse-request.js';
import { invalidRequest } from './problem.js';
import { shortHash } from './short-hash.js';

export interface JobListDependencies {
  jobs: Pick<JobReads, 'list'>;
  answers: Pick<JobAnswers, 'bodyOf'>;
  clock: Clock;
}

/** Handles the list of jobs: by pages, or by cursors, which skip and repeat nothing that stays where it is. */
export function jobList({ jobs, answers, clock }: JobListDependencies): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(jobListQuery, request);
    const of = digestOf(query);
    assertFits(query, of);
    const { cursor, limit, deleted } = query;
    const page = cursor?.page ?? query.page ?? 1;
    const {
      jobs: listed,
      total,
      next,
    } = await jobs.list({
      ...orderOf(query),
      filter: filterOf(query, toTimestamp(clock.now())),
      after: cursor && { value: cursor.value, cron_id: cursor.cron_id },
      offset: cursor === undefined ? (page - 1) * limit : 0,
      limit,
      total: cursor?.total,
    });
    const bodyOf = (job: ListedJob) => {
      const body = answers.bodyOf(job);
      return deleted === 'false' ? body : { ...body, deleted_at: secondsOf(job.deleted_at) };
    };
    const next_cursor = next === undefined ? null : cursorText({ ...next, total, page: page + 1, of });
    response.json({ data: listed.map(bodyOf), pagination: { page, limit, total, next_cursor } });
  };
}

function orderOf({ sort }: JobListQuery): Pick<JobsAsked, 'sort' | 'descending'> {
  const descending = sort.startsWith('-');
  return { sort: (descending ? sort.slice(1) : sort) as JobSort, descending };
}

function filterOf(query: JobListQuery, now: string): JobFilter {
  const { deleted } = query;
  return {
    ...jobFilterOf(query, now),
    deleted: deleted === 'false' ? undefined : deleted === 'true' ? 'only' : 'too',
  };
}

/** Pages may change their size on the way, but not what they are of. */
function digestOf(query: JobListQuery): string {
  return shortHash({ ...query, page: undefined, limit: undefined, cursor: undefined });
}

/** @throws ProblemError invalid_request where parameters do not fit each other */
function assertFits({ cursor, page }: JobListQuery, of: string): void {
  if (cursor === undefined) return;
  if (page !== undefined)
    throw invalidRequest([{ field: 'page', message: 'must be left out beside cursor' }]);
  if (cursor.of !== of)
    throw invalidRequest([
      { field: 'cursor', message: 'must be the next_cursor of a list with the same filters and sort' },
    ]);
}

function secondsOf(timestamp: string | null): string | null {
  return timestamp === null ? null : toWholeSeconds(timestamp);
}
