import type { JobConfig } from '../events/job-config.js';
import type { RunError, RunResult } from '../events/job-events.js';
import type { CronJob } from './cron-job.js';

/** What is left out has its default. */
export type NewConfig = Pick<JobConfig, 'name' | 'cron_expression'> & Partial<JobConfig>;

/** What clients do to a job itself. */
export type JobChange =
  /** @param key of a job that is declared */
  | { type: 'ScheduleCronJob'; config: NewConfig; key?: string | null }
  /**
   * The job is to be so, whatever it was: created, changed, or brought back. What is left out has its default.
   * @param deleted @param version of a deleted job, as for RestoreCronJob
   */
  | {
      type: 'DeclareCronJob';
      key: string;
      config: NewConfig;
      reason: string | null;
      deleted?: CronJob;
      version?: number;
    }
  /** @param reverted_to the version whose configuration `changes` are @param version decided on no other one */
  | {
      type: 'UpdateCronJob';
      changes: Partial<JobConfig>;
      reason: string | null;
      reverted_to?: number;
      version?: number;
    }
  | { type: 'DeleteCronJob'; reason: string | null }
  /**
   * @param deleted the whole state of the deleted job, which memory does not keep
   * @param version that it was read at: the command is decided on no other one
   */
  | { type: 'RestoreCronJob'; deleted: CronJob; version: number; reason: string | null }
  /** Slots were settled before they came, by a clock that ran ahead: they are owed again. */
  | { type: 'ResetWatermark'; reason: string | null };

/** What can be asked of a job. */
export type JobCommand =
  | JobChange
  /** @param confirm_reminders so many are let through in place of the job's limit */
  | { type: 'TriggerRun'; dry_run: boolean; confirm_reminders?: number | null; reason?: string | null }
  | { type: 'CancelRun'; run_id: string; reason: string | null }
  | { type: 'CompleteRun'; run_id: string; status: 'success'; result: RunResult }
  /** @param result of one that has counted before it failed */
  | { type: 'CompleteRun'; run_id: string; status: 'failed'; error: RunError; result?: RunResult }
  /** Time has passed: time out what is overdue, settle the slots that are due. */
  | { type: 'Tick' };
