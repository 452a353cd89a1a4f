import type { Cause } from '../commands/stamp.js';

/** A run as its check sees it. */
export interface CheckedRun {
  cron_id: string;
  run_id: string;
  dry_run: boolean;
  /** Epoch milliseconds: its day in the job's zone is the day that everything is measured from. */
  started_at: number;
  time_zone: string;
  cause: Cause;
  /** Asked before each batch of reminders: a run that has been closed meanwhile must not send any. */
  isStillOpen: () => Promise<boolean>;
  /** The process is stopping, or the run's deadline has passed: the check is given up between two pages. */
  signal: AbortSignal;
}

/** The check was given up: the run was closed while it was under way, or the process stops. */
export class RunClosedError extends Error {
  override readonly name = 'RunClosedError';
}
