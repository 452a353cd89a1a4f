import type { JobConfig } from '../events/job-config.js';
import { NO_REASONS, type RunResult } from '../events/job-events.js';
import { schemaVersionOf, type DomainEvent, type EventType } from '../events/parse-event.js';
import { jobStream, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';

const cron_id = 'cron-cc513d0b20a94af3acd41f9f69db4e19';
const run_id = 'run-cc513d0b20a94af3acd41f9f69db4e190000000001';
const at = '2026-11-25T10:00:00.012Z';

export const exampleConfig: JobConfig = {
  name: 'nightly check',
  cron_expression: '0 2 * * *',
  enabled: true,
  time_zone: 'Europe/Berlin',
  description: null,
  misfire_grace_seconds: 60,
  catchup_policy: 'latest',
  catchup_window_seconds: 86_400,
  concurrency_policy: 'forbid',
  timeout_seconds: 3_600,
  reminder_thresholds: [30, 14, 7, 1, 0],
  select: { types: ['first-aid'], labels: null },
  max_reminders: null,
  labels: ['team-a'],
};

export const exampleResult: RunResult = {
  mentors_checked: 124,
  reminders_sent: 3,
  errors: 0,
  records_checked: 165,
  reasons: Object.fromEntries(NO_REASONS.map((reason, index) => [reason, index])) as RunResult['reasons'],
  warnings: [{ code: 'registry_stale', hours: 50, limit: 48 }],
};

type DataByType = { [E in DomainEvent as E['type']]: E['data'] };

/** The data of one event of each type, as this version writes it. */
const examples: DataByType = {
  CronJobScheduled: { cron_id, key: 'team-a/nightly', ...exampleConfig, created_at: at },
  CronJobUpdated: {
    cron_id,
    changes: { cron_expression: '0 3 * * *' },
    reason: 'after the backup',
    reverted_to: null,
    updated_at: at,
  },
  CronJobDeleted: { cron_id, reason: null, deleted_at: at },
  CronJobRestored: {
    cron_id,
    key: 'team-a/nightly',
    ...exampleConfig,
    last_run_no: 1,
    records_checked: 165,
    was_reset: false,
    reason: 'deleted by mistake',
    restored_at: at,
  },
  RunStarted: {
    cron_id,
    run_id,
    run_no: 1,
    trigger: 'schedule',
    slot: '2026-11-25T01:00:00.000Z',
    after: '2026-11-24T01:00:00.000Z',
    started_at: '2026-11-25T01:00:00.012Z',
    late_by_ms: 12,
    dry_run: false,
    timeout_seconds: 3_600,
    rules: {
      time_zone: 'Europe/Berlin',
      reminder_thresholds: [30, 14, 7, 1, 0],
      select: { types: ['first-aid'], labels: null },
      max_reminders: null,
      confirm_reminders: null,
    },
    reason: null,
  },
  RunCompleted: { cron_id, run_id, status: 'success', result: exampleResult, error: null, completed_at: at },
  RunSkipped: {
    cron_id,
    from: '2026-11-23T01:00:00.000Z',
    to: '2026-11-24T01:00:00.000Z',
    count: 2,
    after: '2026-11-22T01:00:00.000Z',
    reason: 'superseded',
    skipped_at: at,
  },
  RunResultRejected: { cron_id, run_id, status: 'success', result: exampleResult, rejected_at: at },
  ScheduleFailed: { cron_id, message: 'time_zone: unknown time zone', failed_at: at },
  WatermarkReset: {
    cron_id,
    from: '2026-11-27T01:00:00.000Z',
    to: at,
    reason: 'a clock ran ahead',
    reset_at: at,
  },
  RequestAccepted: {
    cron_id,
    key_hash: '0f343b0931126a20f133d67c2b018a3b',
    request_hash: '8c6744c9d42ec2cb9e8885b54ff744d0',
    events: 1,
    accepted_at: at,
  },
  ReminderRequested: {
    cron_id,
    run_id,
    mentor_id: 'mentor-7',
    certification_id: 'cert-1',
    type: 'first-aid',
    expires_at: '2026-12-02',
    threshold_days: 7,
    days_left: 7,
    requested_at: at,
  },
};

/** Where the batch before that of the examples has ended. */
export const BATCH_AFTER = '00000000000000000453-00000000000000000453';

/** One event of each type, as the log has it. */
export function exampleEvent(type: EventType): RecordedEvent {
  return {
    id: '71d61938-a91e-469f-a4f3-92a614e00d59',
    type,
    stream: type === 'ReminderRequested' ? `${REMINDER_STREAM_PREFIX}5e884898da280471` : jobStream(cron_id),
    version: 2,
    position: '00000000000000001055-00000000000000001055',
    recorded_at: '2026-11-25T10:00:00.014Z',
    data: { ...examples[type] },
    metadata: {
      actor: 'scheduler',
      correlation_id: run_id,
      causation_id: null,
      schema_version: schemaVersionOf(type),
      term: 3,
      slot_engine_version: 2,
      tzdata_version: '2026a',
    },
  };
}
