import type { JobConfig } from '../events/job-config.js';
import type { RunError, RunResult, RunRules } from '../events/job-events.js';
import type { Timestamp } from '../events/timestamp.js';

/** One document per job, deleted ones included: their history stays. */
export interface JobDocument extends JobConfig {
  cron_id: string;
  key: string | null;
  status: 'active' | 'disabled' | 'schedule_error';
  schedule_error: string | null;
  /** Of the newest real run; a dry run never shows. */
  last_run_id: string | null;
  last_run_at: Timestamp | null;
  last_run_status: 'running' | 'success' | 'failed' | null;
  last_run_result: RunResult | null;
  next_run_at: Timestamp | null;
  /** Whether there was something to look at when the row was written, see `scheduleWarnings` and the last result. */
  has_warnings: boolean;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
  /** Runs ever, dry ones included: the newest run has this run_no. */
  run_count: number;
  /** The stream's version at the last change by a client. */
  config_version: number;
  /** The stream's version at the last reset of its watermark; null before one. */
  reset_version: number | null;
  /** The write side's own state, so that a start need not replay the whole log. */
  state: StoredJobState;
}

export interface StoredJobState {
  /** A state of another fold version is not used. */
  fold_version: number;
  /** Of the event that it was folded from last. A state in a row of another version is not used. */
  version: number;
  /** Opaque here: the fold's own shape. */
  job: unknown;
}

/** A job as it was after an event: one document per change by a client, and per 100 events at least. */
export interface SnapshotDocument extends JobDocument {
  /** That event: a log that was restored has another one there. */
  event_id: string;
}

/** One document per run. */
export interface RunDocument {
  run_id: string;
  cron_id: string;
  run_no: number;
  trigger: 'schedule' | 'manual';
  slot: Timestamp | null;
  dry_run: boolean;
  /** Those in force at its start; null for runs of versions that did not record them. */
  rules: RunRules | null;
  /** Of a run by hand, where one was given. */
  reason: string | null;
  started_at: Timestamp;
  late_by_ms: number | null;
  completed_at: Timestamp | null;
  status: 'running' | 'success' | 'failed';
  result: RunResult | null;
  error: RunError | null;
  /** When a result came that was too late to count. */
  late_result_at: Timestamp | null;
}

/** One document per reminder that was requested. Its key names the event: its stream, and its version there. */
export interface ReminderDocument {
  certification_id: string;
  mentor_id: string;
  /** Null for reminders of versions that knew no types, and where the record had none. */
  type: string | null;
  /** As it was when the reminder was requested. */
  expires_at: string;
  days_left: number;
  threshold_days: number;
  cron_id: string;
  run_id: string;
  requested_at: Timestamp;
  stream: string;
}

/**
 * One document per event of a job: where it is, and what it can be asked for by. Its version is the row's, its time and
 * its place in the log are the row's key (`auditKey`), so the keys are in the order of time.
 */
export interface AuditDocument {
  cron_id: string;
  type: string;
  actor: string;
  /** Whether it is what the service does by itself day in, day out: nearly all events of a job that runs often are. */
  routine: boolean;
}

export interface ReadModels {
  jobs: JobDocument;
  snapshots: SnapshotDocument;
  runs: RunDocument;
  reminders: ReminderDocument;
  audit: AuditDocument;
}

export type ModelName = keyof ReadModels;

/** A record by name, so that the compiler reports a missing model. */
const everyModel: Record<ModelName, true> = {
  jobs: true,
  snapshots: true,
  runs: true,
  reminders: true,
  audit: true,
};

export const modelNames = Object.keys(everyModel) as ModelName[];
