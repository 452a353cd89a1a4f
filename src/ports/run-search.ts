import type { Timestamp } from '../events/timestamp.js';
import type { RunDocument } from './read-models.js';

/** What is undefined is not asked for; a run fits that fits all that is asked. */
export interface RunFilter {
  /** Of this job; undefined: of all jobs, deleted ones included. */
  cronId?: string | undefined;
  status?: RunDocument['status'] | undefined;
  trigger?: RunDocument['trigger'] | undefined;
  dryRun?: boolean | undefined;
  /** Started at it or later. */
  from?: Timestamp | undefined;
  /** Started before it. */
  to?: Timestamp | undefined;
}

/** The place of a run among those of all jobs, newest first: by started_at, then by run_id. */
export type RunPlace = Pick<RunDocument, 'started_at' | 'run_id'>;

export interface RunsAsked extends RunFilter {
  /** Those before this place in time. */
  after?: RunPlace | undefined;
  limit: number;
}
