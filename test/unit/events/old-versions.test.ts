import { describe, expect, it } from '@jest/globals';
import { parseEvent, schemaVersionOf } from '../../../src/events/parse-event.js';
import { runResult } from '../../support/sample-events.js';

const read = (type: string, schema_version: number, data: object) =>
  parseEvent({ type, data, metadata: { schema_version } })?.data;

const AT = '2026-03-26T10:00:00.000Z';
const COUNTS = { mentors_checked: 124, reminders_sent: 3, errors: 1 };

describe('events from before jobs had rules', () => {
  const job = {
    cron_id: 'cron-1',
    name: 'nightly',
    cron_expression: '0 2 * * *',
    enabled: true,
    time_zone: 'UTC',
    description: null,
    misfire_grace_seconds: 60,
    catchup_policy: 'latest',
    catchup_window_seconds: 86_400,
    concurrency_policy: 'forbid',
    timeout_seconds: 3_600,
    created_at: AT,
  };

  it('say that a job goes by the environment', () => {
    const rules = { reminder_thresholds: null, select: null, max_reminders: null };
    const expected = { ...job, ...rules, labels: [], key: null };
    expect(read('CronJobScheduled', 1, job)).toEqual(expected);
    expect(read('CronJobScheduled', 2, { ...job, ...rules })).toEqual(expected);
  });

  it('say of a change what they said', () => {
    const update = { cron_id: 'cron-1', changes: { timeout_seconds: 60 }, reason: null, updated_at: AT };
    for (const version of [1, 2])
      expect(read('CronJobUpdated', version, update)).toEqual({ ...update, reverted_to: null });
    expect(read('CronJobUpdated', 3, { ...update, reverted_to: 2 })).toEqual({ ...update, reverted_to: 2 });
    expect(schemaVersionOf('CronJobUpdated')).toBe(4);
  });

  it('say of a run that its rules are not on record', () => {
    const run = {
      cron_id: 'cron-1',
      run_id: 'run-10000000001',
      run_no: 1,
      trigger: 'manual',
      slot: null,
      after: null,
      started_at: AT,
      late_by_ms: null,
      dry_run: false,
      timeout_seconds: 60,
    };
    for (const version of [1, 2])
      expect(read('RunStarted', version, { ...run, rules: null })).toEqual({
        ...run,
        rules: null,
        reason: null,
      });
  });

  const ended = { cron_id: 'cron-1', run_id: 'run-10000000001' };
  it.each([
    ['RunCompleted', 1, { status: 'success', error: null, completed_at: AT }],
    ['RunCompleted', 2, { status: 'success', error: null, completed_at: AT }],
    ['RunResultRejected', 1, { status: 'success', rejected_at: AT }],
  ])('keep the three counts of a result, and know no more: %s %d', (type, version, data) => {
    expect(read(type, version, { ...ended, ...data, result: COUNTS })).toEqual({
      ...ended,
      ...data,
      result: runResult(COUNTS),
    });
    expect(read(type, version, { ...ended, ...data, result: null })).toMatchObject({ result: null });
  });
});

describe('events of today', () => {
  it('keep what a run has warned of, with its numbers', () => {
    const warnings = [
      { code: 'registry_empty' as const },
      { code: 'registry_shrank' as const, records: 4, before: 9 },
      { code: 'registry_stale' as const, hours: 30, limit: 24 },
      { code: 'records_unreadable' as const, unreadable: 2, records: 9 },
      { code: 'too_many_reminders' as const, reminders: 2_000, limit: 1_000 },
    ];
    const data = {
      cron_id: 'cron-1',
      run_id: 'run-10000000001',
      status: 'success',
      result: runResult({ records_checked: 9, warnings }),
      error: null,
      completed_at: AT,
    };
    expect(read('RunCompleted', schemaVersionOf('RunCompleted'), data)).toEqual(data);
  });
});
