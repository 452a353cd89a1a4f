import { describe, expect, it } from '@jest/globals';
import type { JobCommand } from '../../../src/job/job-command.js';
import { given } from '../../support/given.js';

const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: { name: 'nightly_expiry_check', cron_expression: '0 2 * * *' },
};
const update = (changes: Extract<JobCommand, { type: 'UpdateCronJob' }>['changes']): JobCommand => ({
  type: 'UpdateCronJob',
  changes,
  reason: null,
});
const tick: JobCommand = { type: 'Tick' };
const remove: JobCommand = { type: 'DeleteCronJob', reason: 'not needed' };
const nightly = () => given().after('2026-03-26T10:00:00.000Z', create);

describe('creating a job', () => {
  it('records the whole configuration, with defaults', () => {
    given()
      .when('2026-03-26T10:00:00.123Z', create)
      .then([
        'CronJobScheduled',
        {
          cron_id: 'cron-001',
          name: 'nightly_expiry_check',
          time_zone: 'UTC',
          enabled: true,
          catchup_policy: 'latest',
          concurrency_policy: 'forbid',
          created_at: '2026-03-26T10:00:00.123Z',
        },
      ]);
  });

  it('refuses an id that exists, a schedule that cannot be read, and one that never comes up', () => {
    nightly().when('2026-03-26T10:00:00.000Z', create).thenRefused('cron_id_taken');
    const schedule = (cron_expression: string, time_zone = 'UTC'): JobCommand => ({
      type: 'ScheduleCronJob',
      config: { name: 'x', cron_expression, time_zone },
    });
    given().when('2026-03-26T10:00:00Z', schedule('* * * *')).thenRefused('invalid_cron_expression');
    given()
      .when('2026-03-26T10:00:00Z', schedule('0 2 * * *', 'Mars/Olympus'))
      .thenRefused('invalid_time_zone');
    given().when('2096-03-01T00:00:00Z', schedule('0 0 29 2 *')).thenRefused('never_due');
  });
});

describe('changing a job', () => {
  it('writes only what changed, and nothing when nothing does', () => {
    nightly()
      .when('2026-03-26T11:00:00Z', update({ name: 'nightly_expiry_check', time_zone: 'UTC' }))
      .thenNothing();
    nightly()
      .when('2026-03-26T11:00:00Z', update({ cron_expression: '0 3 * * *', enabled: true }))
      .then(['CronJobUpdated', { changes: { cron_expression: '0 3 * * *' } }]);
  });

  it('refuses a schedule that cannot be used, also together with a zone that does not fit', () => {
    nightly()
      .when('2026-03-26T11:00:00Z', update({ cron_expression: 'x' }))
      .thenRefused('invalid_cron_expression');
    nightly()
      .when('2026-03-26T11:00:00Z', update({ time_zone: 'UTC+1' }))
      .thenRefused('invalid_time_zone');
  });

  it('starts what is due under the old schedule before the new one counts', () => {
    nightly()
      .when('2026-03-27T02:00:00.050Z', update({ cron_expression: '0 3 * * *' }))
      .then(
        [
          'RunStarted',
          { slot: '2026-03-27T02:00:00.000Z', after: '2026-03-26T10:00:00.000Z', late_by_ms: 50 },
        ],
        ['CronJobUpdated', { updated_at: '2026-03-27T02:00:00.050Z' }],
      )
      .when('2026-03-27T03:00:00Z', tick)
      // The run of 02:00 is still open.
      .then([
        'RunSkipped',
        { reason: 'overlap', from: '2026-03-27T03:00:00.000Z', after: '2026-03-27T02:00:00.050Z' },
      ]);
  });

  it('loses nothing when the description changes just after a slot', () => {
    nightly()
      .when('2026-03-27T02:00:00.050Z', update({ description: 'new' }))
      .then(['CronJobUpdated'])
      .when('2026-03-27T02:00:00.060Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z', late_by_ms: 60 }]);
  });

  it('records slots that wait behind a run as skipped because of the change', () => {
    nightly()
      .after('2026-03-27T02:30:00Z', { type: 'TriggerRun', dry_run: false })
      .when('2026-03-27T02:31:00Z', update({ enabled: false }))
      .then(
        [
          'RunSkipped',
          { reason: 'disabled', from: '2026-03-27T02:00:00.000Z', to: '2026-03-27T02:00:00.000Z', count: 1 },
        ],
        ['CronJobUpdated', { changes: { enabled: false } }],
      )
      .when('2026-03-28T02:00:00Z', tick)
      .then(['RunCompleted', { error: { code: 'timed_out' } }]);
  });

  it('owes nothing for the time it was disabled', () => {
    nightly()
      .after('2026-03-26T12:00:00Z', update({ enabled: false }))
      .after('2026-03-29T12:00:00Z', update({ enabled: true }))
      .when('2026-03-30T02:00:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-30T02:00:00.000Z', after: '2026-03-29T12:00:00.000Z' }]);
  });

  it('keeps times from going back when the clock does', () => {
    const job = nightly()
      .after('2026-03-26T11:00:00Z', update({ name: 'a' }))
      .when('2026-03-26T10:56:00Z', update({ cron_expression: '0 4 * * *' }))
      .then(['CronJobUpdated', { updated_at: '2026-03-26T11:00:00.000Z' }])
      .job();
    expect(job?.watermark).toBe(Date.parse('2026-03-26T11:00:00Z'));
  });
});

describe('deleting a job', () => {
  it('settles what is owed first, and starts nothing afterwards', () => {
    nightly()
      .when('2026-03-29T02:00:10Z', remove)
      .then(
        ['RunSkipped', { reason: 'missed_window', count: 2 }],
        ['RunStarted', { slot: '2026-03-29T02:00:00.000Z' }],
        ['CronJobDeleted', { reason: 'not needed' }],
      )
      .when('2026-03-29T02:00:20Z', tick)
      .thenNothing()
      .when('2026-03-30T02:00:00Z', tick)
      .then(['RunCompleted', { error: { code: 'timed_out' } }]);
  });

  it('leaves a job that does not exist for commands', () => {
    const deleted = nightly().after('2026-03-26T11:00:00Z', remove);
    for (const scenario of [given(), deleted]) {
      scenario.when('2026-03-26T12:00:00Z', remove).thenRefused('cron_job_not_found');
      scenario.when('2026-03-26T12:00:00Z', update({ name: 'b' })).thenRefused('cron_job_not_found');
      scenario
        .when('2026-03-26T12:00:00Z', { type: 'TriggerRun', dry_run: true })
        .thenRefused('cron_job_not_found');
      scenario.when('2026-03-26T12:00:00Z', tick).thenNothing();
    }
  });
});

describe('a change while the log is ahead of the clock', () => {
  /** Triggered by a clock that is some minutes ahead of the next one. */
  const ahead = nightly().after('2026-03-27T02:02:00.000Z', { type: 'TriggerRun', dry_run: true });
  const slot = '2026-03-27T02:00:00.000Z';

  it.each([
    ['schedule_changed', 'CronJobUpdated', update({ cron_expression: '0 5 * * *' })],
    ['disabled', 'CronJobUpdated', update({ enabled: false })],
    ['deleted', 'CronJobDeleted', remove],
  ] as const)('leaves no slot before its own time without an outcome: %s', (reason, change, command) => {
    ahead
      .when('2026-03-27T01:58:00.000Z', command)
      .then(['RunSkipped', { from: slot, to: slot, count: 1, reason }], [change]);
  });
});
