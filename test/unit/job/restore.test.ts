import { describe, expect, it } from '@jest/globals';
import type { JobEvent } from '../../../src/events/parse-event.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { given, type Scenario } from '../../support/given.js';

const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: { name: 'hourly', cron_expression: '0 * * * *', timeout_seconds: 600 },
};
const remove: JobCommand = { type: 'DeleteCronJob', reason: null };
const hourly = () => given().after('2026-03-26T10:10:00.000Z', create);

/** Of the job as it is after a scenario. */
function restore(scenario: Scenario): JobCommand {
  const deleted = scenario.job();
  if (deleted === undefined) throw new Error('there is no job');
  return { type: 'RestoreCronJob', deleted, version: scenario.events().length, reason: 'by mistake' };
}

describe('restoring a deleted job', () => {
  it('counts from now: no slot is owed for the time between', () => {
    const deleted = hourly().after('2026-03-26T10:20:00.000Z', remove);
    const restored = deleted
      .when('2026-03-26T15:30:00.000Z', restore(deleted))
      .then(['CronJobRestored', { name: 'hourly', enabled: true, last_run_no: 0, reason: 'by mistake' }]);
    restored.when('2026-03-26T15:59:59Z', { type: 'Tick' }).thenNothing();
    restored
      .when('2026-03-26T16:00:00Z', { type: 'Tick' })
      .then([
        'RunStarted',
        { run_no: 1, slot: '2026-03-26T16:00:00.000Z', after: '2026-03-26T15:30:00.000Z' },
      ]);
  });

  it('leaves a disabled job disabled, and its numbers going on', () => {
    const disabled = hourly()
      .after('2026-03-26T10:15:00Z', { type: 'TriggerRun', dry_run: false })
      .after('2026-03-26T10:20:00Z', { type: 'UpdateCronJob', changes: { enabled: false }, reason: null })
      .after('2026-03-26T10:21:00Z', remove);
    const restored = disabled.after('2026-03-26T10:22:00Z', restore(disabled));
    expect(restored.job()).toMatchObject({ config: { enabled: false }, last_run_no: 1, deleted: false });
    // The run that was open at the delete is open still.
    expect(restored.job()?.open_runs).toHaveLength(1);
    restored.when('2026-03-26T12:00:00Z', { type: 'Tick' }).then(['RunCompleted', { status: 'failed' }]);
  });

  it('gives a schedule that could not be computed another try', () => {
    const failed: JobEvent = {
      type: 'ScheduleFailed',
      data: { cron_id: 'cron-001', message: 'time_zone: dropped', failed_at: '2026-03-26T10:11:00.000Z' },
    };
    const deleted = given(...hourly().events(), failed).after('2026-03-26T10:20:00Z', remove);
    expect(deleted.job()?.schedule_error).toBe('time_zone: dropped');
    expect(deleted.after('2026-03-26T10:30:00Z', restore(deleted)).job()?.schedule_error).toBeNull();
  });

  it('says at once that a schedule cannot be computed', () => {
    const config = { ...hourly().job()?.config, cron_expression: 'nonsense' };
    const created = { cron_id: 'cron-001', ...config, created_at: '2026-03-26T10:10:00.000Z' };
    const deleted = given({ type: 'CronJobScheduled', data: created } as JobEvent, {
      type: 'CronJobDeleted',
      data: { cron_id: 'cron-001', reason: null, deleted_at: created.created_at },
    });
    deleted
      .when('2026-03-26T10:30:00Z', restore(deleted))
      .then(['CronJobRestored'], ['ScheduleFailed', { failed_at: '2026-03-26T10:30:00.000Z' }])
      .when('2026-03-26T12:00:00Z', { type: 'Tick' })
      .thenNothing();
  });

  it('undoes a delete by a clock that ran ahead, and counts from the true time', () => {
    const deleted = hourly().after('2026-03-27T10:00:00.000Z', remove);
    deleted
      .when('2026-03-26T12:30:00.000Z', restore(deleted))
      .then(
        ['CronJobRestored', { restored_at: '2026-03-27T10:00:00.000Z' }],
        ['WatermarkReset', { from: '2026-03-27T10:00:00.000Z', to: '2026-03-26T12:30:00.000Z' }],
      )
      .when('2026-03-26T13:00:00Z', { type: 'Tick' })
      .then(['RunCompleted'], ['RunStarted', { slot: '2026-03-26T13:00:00.000Z' }]);
  });

  it('is refused for a job that is there, and for one that has never been', () => {
    const command = restore(hourly());
    hourly().when('2026-03-26T11:00:00Z', command).thenRefused('not_deleted');
    given().when('2026-03-26T11:00:00Z', command).thenRefused('cron_job_not_found');
  });
});

it('a revert is an update that names its version', () => {
  const changed = hourly().after('2026-03-26T10:20:00Z', {
    type: 'UpdateCronJob',
    changes: { name: 'other' },
    reason: null,
  });
  const config = hourly().job()?.config ?? {};
  const revert = { type: 'UpdateCronJob', changes: config, reason: 'back', reverted_to: 1 } as const;
  changed
    .when('2026-03-26T10:30:00Z', revert)
    .then(['CronJobUpdated', { changes: { name: 'hourly' }, reverted_to: 1 }])
    .when('2026-03-26T10:31:00Z', revert)
    .thenNothing();
});
