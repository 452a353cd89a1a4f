import { defaultJobConfig } from '../../src/events/job-config.js';
import type { Certification } from '../../src/ports/certification-registry.js';
import type {
  AuditDocument,
  ModelName,
  JobDocument,
  ReadModels,
  ReminderDocument,
  RunDocument,
  SnapshotDocument,
} from '../../src/ports/read-models.js';
import type { Row } from '../../src/ports/read-store.js';

/** A record that has what a test says, and of the optional fields what a record without them has. */
export function certificationOf(
  some: Pick<Certification, 'certification_id' | 'mentor_id' | 'expires_at'> & Partial<Certification>,
): Certification {
  return { type: null, labels: [], status: 'active', renewable_from: null, ...some };
}

const CREATED_AT = '2026-03-26T10:00:00.000Z';

export function jobRow(cronId: string, version = 1, changes: Partial<JobDocument> = {}): Row<JobDocument> {
  const document: JobDocument = {
    ...defaultJobConfig,
    name: `job ${cronId}`,
    cron_expression: '0 2 * * *',
    cron_id: cronId,
    key: null,
    status: 'active',
    schedule_error: null,
    last_run_id: null,
    last_run_at: null,
    last_run_status: null,
    last_run_result: null,
    next_run_at: '2026-03-27T02:00:00.000Z',
    has_warnings: false,
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
    deleted_at: null,
    run_count: 0,
    config_version: 1,
    reset_version: null,
    state: { fold_version: 1, version: 1, job: { watermark: CREATED_AT } },
    ...changes,
  };
  return { key: cronId, version, document };
}

export function snapshotRow(cronId: string, version = 1): Row<SnapshotDocument> {
  const { document } = jobRow(cronId, version);
  const key = `${cronId}@${String(version).padStart(10, '0')}`;
  return { key, version, document: { ...document, event_id: `event ${version}` } };
}

export function runRow(cronId: string, runNo: number, version = runNo): Row<RunDocument> {
  const runId = `run-${cronId}-${runNo}`;
  const document: RunDocument = {
    run_id: runId,
    cron_id: cronId,
    run_no: runNo,
    trigger: 'schedule',
    slot: CREATED_AT,
    dry_run: false,
    rules: null,
    reason: null,
    started_at: CREATED_AT,
    late_by_ms: 12,
    completed_at: null,
    status: 'running',
    result: null,
    error: null,
    late_result_at: null,
  };
  return { key: runId, version, document };
}

export function reminderRow(key: string, changes: Partial<ReminderDocument> = {}): Row<ReminderDocument> {
  const document: ReminderDocument = {
    certification_id: 'cert-1',
    mentor_id: 'mentor-1',
    type: null,
    expires_at: '2026-04-26',
    days_left: 30,
    threshold_days: 30,
    cron_id: 'cron-1',
    run_id: 'run-1',
    requested_at: CREATED_AT,
    stream: key,
    ...changes,
  };
  return { key, version: 1, document };
}

export function auditRow(key: string, changes: Partial<AuditDocument> = {}, version = 1): Row<AuditDocument> {
  return {
    key,
    version,
    document: { cron_id: 'cron-1', type: 'RunStarted', actor: 'scheduler', routine: true, ...changes },
  };
}

/** A row of each model. */
export const sampleRows: { [M in ModelName]: Row<ReadModels[M]> } = {
  jobs: jobRow('cron-sample'),
  snapshots: snapshotRow('cron-sample'),
  runs: runRow('cron-sample', 1),
  reminders: reminderRow('certificationReminder-sample/1'),
  audit: auditRow('0mn7a1b2c0000000000000000001'),
};
