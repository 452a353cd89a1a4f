import { describe, expect, it } from '@jest/globals';
import type { JobConfig } from '../../../src/events/job-config.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { given } from '../../support/given.js';
import { runResult } from '../../support/sample-events.js';

const tick: JobCommand = { type: 'Tick' };
const runId = (no: number): string => `run-001${String(no).padStart(10, '0')}`;
const trigger = (dry_run = false, confirm_reminders: number | null = null): JobCommand => ({
  type: 'TriggerRun',
  dry_run,
  confirm_reminders,
});
const update = (changes: Partial<JobConfig>): JobCommand => ({
  type: 'UpdateCronJob',
  changes,
  reason: null,
});
const job = (config: Partial<JobConfig> = {}) =>
  given().after('2026-03-26T10:00:00.000Z', {
    type: 'ScheduleCronJob',
    config: { name: 'job', cron_expression: '0 2 * * *', ...config },
  });
/** Those of the environment, in the tests of decisions. */
const USUAL = {
  time_zone: 'UTC',
  reminder_thresholds: [30, 14, 7, 1, 0],
  select: null,
  max_reminders: null,
  confirm_reminders: null,
};
const OWN = {
  time_zone: 'Asia/Kolkata',
  reminder_thresholds: [60, 0, -3],
  select: { types: ['first_aid'], labels: null },
  max_reminders: 5,
} as const;
const own: Partial<JobConfig> = {
  time_zone: OWN.time_zone,
  reminder_thresholds: [...OWN.reminder_thresholds],
  select: { types: ['first_aid'], labels: null },
  max_reminders: OWN.max_reminders,
};

describe('the rules of a run', () => {
  it('are recorded at its start by hand: those of the job, or else of the environment', () => {
    job()
      .when('2026-03-26T10:05:00Z', trigger())
      .then(['RunStarted', { rules: USUAL }]);
    job(own)
      .when('2026-03-26T10:05:00Z', trigger(true))
      .then(['RunStarted', { dry_run: true, rules: { ...OWN, confirm_reminders: null } }]);
  });

  it('are recorded at its start by the schedule', () => {
    job()
      .when('2026-03-27T02:00:00Z', tick)
      .then(['RunStarted', { trigger: 'schedule', rules: USUAL }]);
    job(own)
      .when('2026-03-26T20:30:00Z', tick)
      .then(['RunStarted', { rules: { ...OWN, confirm_reminders: null } }]);
  });

  it('say how many reminders were confirmed, for this run alone', () => {
    job(own)
      .when('2026-03-26T10:05:00Z', trigger(false, 5_000))
      .then(['RunStarted', { rules: { ...OWN, confirm_reminders: 5_000 } }])
      .after('2026-03-26T10:05:01Z', {
        type: 'CompleteRun',
        run_id: runId(1),
        status: 'success',
        result: runResult(),
      })
      .when('2026-03-26T20:30:00Z', tick)
      .then(['RunStarted', { rules: { ...OWN, confirm_reminders: null } }]);
  });

  it('stay as they were when the job changes while it is open', () => {
    const changed = job().after('2026-03-26T10:05:00Z', trigger()).after('2026-03-26T10:05:01Z', update(own));
    expect(changed.job()).toMatchObject({ config: own, open_runs: [{ rules: USUAL }] });
  });
});

describe('a change of the rules of a job', () => {
  it('writes nothing where the values are equal, and else only those that are not', () => {
    job(own).when('2026-03-26T11:00:00Z', update(own)).thenNothing();
    job(own)
      .when('2026-03-26T11:00:00Z', update({ ...own, reminder_thresholds: null }))
      .then(['CronJobUpdated', { changes: { reminder_thresholds: null } }]);
    job()
      .when('2026-03-26T11:00:00Z', update({ select: null, max_reminders: null }))
      .thenNothing();
    const changes = { select: { types: null, labels: ['north'] } };
    job(own).when('2026-03-26T11:00:00Z', update(changes)).then(['CronJobUpdated', { changes }]);
  });

  it('leaves the watermark alone: a slot that has just come is not lost', () => {
    const changed = job().after(
      '2026-03-27T02:00:00.050Z',
      update({ reminder_thresholds: [7], select: { types: null, labels: ['north'] }, max_reminders: 0 }),
    );
    expect(changed.job()?.watermark).toBe(Date.parse('2026-03-26T10:00:00Z'));
    changed
      .when('2026-03-27T02:00:00.060Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z', rules: { reminder_thresholds: [7] } }]);
  });
});

describe('how many records the registry had', () => {
  const ended = (dry_run: boolean, records_checked: number | null) =>
    job()
      .after('2026-03-26T10:05:00Z', trigger(dry_run))
      .after('2026-03-26T10:05:01Z', {
        type: 'CompleteRun',
        run_id: runId(1),
        status: 'success',
        result: runResult({ records_checked }),
      });

  it('is unknown before a run has said so', () => {
    expect(job().job()?.records_checked).toBeNull();
    expect(ended(false, null).job()?.records_checked).toBeNull();
  });

  it('is what the last good real run has counted, and no dry one, nor one that failed', () => {
    expect(ended(false, 120).job()?.records_checked).toBe(120);
    expect(ended(true, 120).job()?.records_checked).toBeNull();
    const after = (next: JobCommand, dry_run = false) =>
      ended(false, 120).after('2026-03-26T10:06:00Z', trigger(dry_run)).after('2026-03-26T10:06:01Z', next);
    const good = (records_checked: number | null): JobCommand => ({
      type: 'CompleteRun',
      run_id: runId(2),
      status: 'success',
      result: runResult({ records_checked }),
    });
    expect(after(good(90)).job()?.records_checked).toBe(90);
    expect(after(good(0)).job()?.records_checked).toBe(0);
    expect(after(good(90), true).job()?.records_checked).toBe(120);
    // Another executor does not say.
    expect(after(good(null)).job()?.records_checked).toBe(120);
    expect(after({ type: 'CancelRun', run_id: runId(2), reason: null }).job()?.records_checked).toBe(120);
  });
});
