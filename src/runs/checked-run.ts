import type { Cause } from '../commands/stamp.js';
import type { RunError, RunResult, RunRules } from '../events/job-events.js';

/** A run as its check sees it. */
export interface CheckedRun {
  cron_id: string;
  run_id: string;
  dry_run: boolean;
  /** Epoch milliseconds: its day in the job's zone is the day that everything is measured from. */
  started_at: number;
  /** Those in force at its start. */
  rules: RunRules;
  /** Of the registry, at the last good run of the job; null before there was one. */
  records_before: number | null;
  cause: Cause;
  /** By what this process has heard; asked between two pages, to give up soon. */
  isOpen: () => boolean;
  /** Asked before each batch of reminders: a run that has been closed meanwhile must not send any. */
  isStillOpen: () => Promise<boolean>;
  /** Aborts when the process stops or the run's deadline passes: the check is then abandoned between two pages. */
  signal: AbortSignal;
}

/** How a check ends: it may also refuse to ask for reminders. */
export type RunOutcome =
  { status: 'success'; result: RunResult } | { status: 'failed'; error: RunError; result: RunResult };

/** The check was abandoned: its run was closed, its deadline passed, or the process stops. */
export class RunClosedError extends Error {
  override readonly name = 'RunClosedError';
}
