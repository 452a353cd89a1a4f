import { JOB_STATUSES, LAST_RUN_STATUSES, type JobFilter, type ListedJob } from '../ports/job-list.js';

const BOTH = [false, true] as const;

/** Each combination of what a job can be of few kinds. Its place here is the number that stands for it. */
const combinations = BOTH.flatMap((isDeleted) =>
  JOB_STATUSES.flatMap((status) =>
    LAST_RUN_STATUSES.flatMap((last) =>
      BOTH.map((hasWarnings) => ({ isDeleted, status, last, hasWarnings })),
    ),
  ),
);

export const JOB_TRAITS: readonly number[] = [...combinations.keys()];

/** The number of a job's combination. */
export function traitsOf(
  job: Pick<ListedJob, 'deleted_at' | 'status' | 'last_run_status' | 'has_warnings'>,
): number {
  const status = JOB_STATUSES.indexOf(job.status);
  const last = LAST_RUN_STATUSES.indexOf(job.last_run_status ?? 'none');
  const ofStatus = (job.deleted_at === null ? 0 : JOB_STATUSES.length) + status;
  return (ofStatus * LAST_RUN_STATUSES.length + last) * BOTH.length + (job.has_warnings ? 1 : 0);
}

/** The numbers of those combinations that fit a filter. */
export function traitsThatFit({ deleted, status, enabled, lastRunStatus, hasWarnings }: JobFilter): number[] {
  return JOB_TRAITS.filter((number) => {
    const traits = combinations[number];
    if (traits === undefined) return false;
    if (deleted !== 'too' && traits.isDeleted !== (deleted === 'only')) return false;
    if (status !== undefined && traits.status !== status) return false;
    // Whatever else is wrong with a job that is not enabled, its status is `disabled`.
    if (enabled !== undefined && (traits.status === 'disabled') === enabled) return false;
    if (lastRunStatus !== undefined && traits.last !== lastRunStatus) return false;
    return hasWarnings === undefined || traits.hasWarnings === hasWarnings;
  });
}
