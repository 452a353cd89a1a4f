import { FOLD_VERSION } from '../commands/cron-job.js';
import { JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { jobsProjection } from './jobs.js';
import type { ProjectionGroup } from './projection.js';
import { runsProjection } from './runs.js';

const PROJECTION_VERSION = 1;

/** The row of a job is touched by each event of its stream, so it comes last: it tells that the runs' rows are there. */
export function jobModels(options: ParseOptions): ProjectionGroup {
  return {
    name: 'jobs',
    version: PROJECTION_VERSION * 1000 + FOLD_VERSION,
    prefixes: [JOB_STREAM_PREFIX],
    projections: [runsProjection, jobsProjection(options)],
  };
}
