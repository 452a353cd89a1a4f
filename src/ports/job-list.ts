import type { Timestamp } from '../events/timestamp.js';
import { foldedName } from './folded-name.js';
import type { JobDocument } from './read-models.js';

/** Without the state, which may be long. */
export type ListedJob = Omit<JobDocument, 'state'>;

export const JOB_SORTS = ['created_at', 'name', 'next_run_at', 'last_run_at', 'updated_at'] as const;
export type JobSort = (typeof JOB_SORTS)[number];

export const JOB_STATUSES = [
  'active',
  'disabled',
  'schedule_error',
] as const satisfies JobDocument['status'][];
/** `none`: there was no real run. */
export const LAST_RUN_STATUSES = ['none', 'running', 'success', 'failed'] as const;

/** What is undefined is not asked for; a job fits that fits all that is asked. */
export interface JobFilter {
  /** Undefined: those that are not deleted. */
  deleted?: 'only' | 'too' | undefined;
  status?: (typeof JOB_STATUSES)[number] | undefined;
  enabled?: boolean | undefined;
  /** A part of the name, see `foldedName`; each of its characters stands for itself. */
  name?: string | undefined;
  /** The job has all of them. */
  labels?: readonly string[] | undefined;
  lastRunStatus?: (typeof LAST_RUN_STATUSES)[number] | undefined;
  hasWarnings?: boolean | undefined;
  /** Its next_run_at is before it. */
  dueBefore?: Timestamp | undefined;
  /** Its next_run_at is not before it, or there is none. */
  notDueBefore?: Timestamp | undefined;
}

/** A question about the jobs. */
export interface JobsAsked {
  filter?: JobFilter | undefined;
  /** Undefined: created_at. Ties are in the order of cron_id. */
  sort?: JobSort | undefined;
  descending?: boolean | undefined;
  /** Behind this place. */
  after?: JobPlace | undefined;
  /** So many jobs are left out first; 0 behind a place. */
  offset: number;
  limit: number;
  /** What `total` is known to be: it need not be counted again, unless the filter is of few kinds. */
  total?: number | undefined;
}

export interface JobsFound {
  jobs: ListedJob[];
  /** Of the jobs that fit, on all pages. */
  total: number;
  /** The place of the last job; undefined when no more jobs follow. */
  next: JobPlace | undefined;
}

/** The place of a job in a list. */
export interface JobPlace {
  /** What `sortValueOf` gives of it. */
  value: string;
  cron_id: string;
}

/** Whether all that is asked has few values: then counting what fits costs little, and is done for each page. */
export function isOfFewKinds({ name, labels, dueBefore, notDueBefore }: JobFilter): boolean {
  return [name, labels, dueBefore, notDueBefore].every((asked) => asked === undefined);
}

/** Sorts behind all times. */
const NEVER = '~';

/**
 * By what a list is sorted, compared by the bytes of its UTF-8: what is never due comes behind all times, what never ran
 * before them.
 */
export function sortValueOf(job: Pick<JobDocument, JobSort>, sort: JobSort): string {
  switch (sort) {
    case 'name':
      return foldedName(job.name);
    case 'next_run_at':
      return job.next_run_at ?? NEVER;
    case 'last_run_at':
      return job.last_run_at ?? '';
    case 'created_at':
    case 'updated_at':
      return job[sort];
  }
}

/** Whether a job fits: what `ReadStore.listJobs` looks for, told of one job. */
export function fitsFilter(job: ListedJob, filter: JobFilter): boolean {
  const { deleted, status, enabled, name, labels = [], lastRunStatus, hasWarnings } = filter;
  const { dueBefore, notDueBefore } = filter;
  const next = sortValueOf(job, 'next_run_at');
  return (
    (deleted === 'too' || (job.deleted_at !== null) === (deleted === 'only')) &&
    (status === undefined || job.status === status) &&
    (enabled === undefined || job.enabled === enabled) &&
    (name === undefined || foldedName(job.name).includes(foldedName(name))) &&
    labels.every((label) => job.labels.includes(label)) &&
    (lastRunStatus === undefined || (job.last_run_status ?? 'none') === lastRunStatus) &&
    (hasWarnings === undefined || job.has_warnings === hasWarnings) &&
    (dueBefore === undefined || next < dueBefore) &&
    (notDueBefore === undefined || next >= notDueBefore)
  );
}

/** Cuts a page out of what was found, of which one job more was asked for. */
export function pageOf(found: readonly ListedJob[], { limit, sort = 'created_at' }: JobsAsked) {
  const jobs = found.slice(0, limit);
  const last = found.length > limit ? jobs.at(-1) : undefined;
  return { jobs, next: last && { value: sortValueOf(last, sort), cron_id: last.cron_id } };
}
