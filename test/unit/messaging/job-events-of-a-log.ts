import { defaultJobConfig } from '../../../src/events/job-config.js';
import type { DomainEvent } from '../../../src/events/parse-event.js';
import { schemaVersionOf } from '../../../src/events/parse-event.js';
import { runIdOf } from '../../../src/events/stream-names.js';
import type { NewEvent } from '../../../src/ports/event-log.js';
import { runResult, sampleEvent } from '../../support/sample-events.js';

const AT = '2026-03-26T10:00:00.000Z';
const RULES = {
  time_zone: 'UTC',
  reminder_thresholds: [30, 14, 7, 1, 0],
  select: null,
  max_reminders: null,
  confirm_reminders: null,
};

/** As the log has it, with a fresh id. */
export function recordable({ type, data }: DomainEvent): NewEvent {
  const { metadata, ...event } = sampleEvent(data);
  return { ...event, type, metadata: { ...metadata, schema_version: schemaVersionOf(type) } };
}

const configOf = (cron_id: string) => ({
  ...defaultJobConfig,
  cron_id,
  name: `job ${cron_id}`,
  cron_expression: '0 2 * * *',
  key: null,
});

/** Events of a job, each written down as the log has it. */
export const jobEvent = {
  scheduled: (cron_id: string) =>
    recordable({ type: 'CronJobScheduled', data: { ...configOf(cron_id), created_at: AT } }),
  renamed: (cron_id: string, name: string) =>
    recordable({
      type: 'CronJobUpdated',
      data: { cron_id, changes: { name }, reason: null, reverted_to: null, updated_at: AT },
    }),
  disabled: (cron_id: string) =>
    recordable({
      type: 'CronJobUpdated',
      data: { cron_id, changes: { enabled: false }, reason: null, reverted_to: null, updated_at: AT },
    }),
  deleted: (cron_id: string) =>
    recordable({ type: 'CronJobDeleted', data: { cron_id, reason: null, deleted_at: AT } }),
  restored: (cron_id: string) =>
    recordable({
      type: 'CronJobRestored',
      data: {
        ...configOf(cron_id),
        last_run_no: 0,
        records_checked: null,
        was_reset: false,
        reason: null,
        restored_at: AT,
      },
    }),
  started: (cron_id: string, run_no: number, started_at = AT, timeout_seconds = 3_600) =>
    recordable({
      type: 'RunStarted',
      data: {
        cron_id,
        run_id: runIdOf(cron_id, run_no),
        run_no,
        trigger: 'manual',
        slot: null,
        after: null,
        started_at,
        late_by_ms: null,
        dry_run: false,
        timeout_seconds,
        reason: null,
        rules: RULES,
      },
    }),
  completed: (cron_id: string, run_no: number, completed_at = AT) =>
    recordable({
      type: 'RunCompleted',
      data: {
        cron_id,
        run_id: runIdOf(cron_id, run_no),
        status: 'success',
        result: runResult(),
        error: null,
        completed_at,
      },
    }),
};
