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
  /** Aborts when the process stops or the run's deadline passes: the check is then abandoned between two pages. */
  signal: AbortSignal;
}

/** The check was abandoned: its run was closed, its deadline passed, or the process stops. */
export class RunClosedError extends Error {
  override readonly name = 'RunClosedError';
}
