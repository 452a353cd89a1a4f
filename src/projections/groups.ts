import { FOLD_VERSION } from '../job/cron-job.js';
import { JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { ModelName } from '../ports/read-models.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { auditProjection } from './audit.js';
import { jobsProjection } from './jobs.js';
import type { AnyProjection, FoldingProjection, ProjectionGroup } from './projection.js';
import { remindersProjection } from './reminders.js';
import { runsProjection } from './runs.js';

export type GroupName = 'jobs' | 'reminders' | 'audit';

/** Raise one whenever a read model of the group changes. */
const JOBS_VERSION = 7;
const REMINDERS_VERSION = 3;
const AUDIT_VERSION = 1;

/** The projections of all read models, by the checkpoint that they share. */
export function projectionGroups(
  options: ParseOptions,
): Readonly<Record<'jobs' | 'reminders', ProjectionGroup<FoldingProjection>> & { audit: ProjectionGroup }> {
  // Snapshots are written beside the jobs.
  const projections = {
    jobs: jobsProjection(options),
    runs: runsProjection,
    reminders: remindersProjection,
    audit: auditProjection,
  } satisfies { [M in Exclude<ModelName, 'snapshots'>]: AnyProjection & { model: M } };
  return {
    jobs: {
      name: 'jobs',
      // The states in the rows of jobs are made by the fold.
      version: JOBS_VERSION * 1000 + FOLD_VERSION,
      prefixes: [JOB_STREAM_PREFIX],
      // Each event of a job's stream updates the job's row, so it comes last: it shows that the runs' rows, and the
      // snapshots, are there.
      projections: [projections.runs, projections.jobs],
    },
    reminders: {
      name: 'reminders',
      version: REMINDERS_VERSION,
      prefixes: [REMINDER_STREAM_PREFIX],
      projections: [projections.reminders],
    },
    audit: {
      name: 'audit',
      version: AUDIT_VERSION,
      prefixes: [JOB_STREAM_PREFIX],
      projections: [projections.audit],
    },
  };
}
