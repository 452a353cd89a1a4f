import { describe, expect, it } from '@jest/globals';
import { given } from '../../support/given.js';
import type { JobCommand } from '../../../src/job/job-command.js';

const config = { name: 'nightly', cron_expression: '0 2 * * *', labels: ['team-a'] };
const declare = (changes: object = {}, more: object = {}): JobCommand => ({
  type: 'DeclareCronJob',
  key: 'nightly-check',
  config: { ...config, ...changes },
  reason: 'deployed',
  ...more,
});

const declared = given().after('2026-03-26T10:00:00Z', declare());

describe('a declaration', () => {
  it('creates the job, with its key', () => {
    given()
      .when('2026-03-26T10:00:00Z', declare())
      .then(['CronJobScheduled', { key: 'nightly-check', labels: ['team-a'], timeout_seconds: 3_600 }]);
  });

  it('changes nothing that is so already', () => {
    declared.when('2026-03-27T10:00:00Z', declare()).thenNothing();
  });

  it('changes what differs, and gives what is left out its default', () => {
    declared
      .after('2026-03-26T11:00:00Z', declare({ timeout_seconds: 60, labels: [] }))
      .when('2026-03-26T12:00:00Z', declare())
      .then([
        'CronJobUpdated',
        { changes: { timeout_seconds: 3_600, labels: ['team-a'] }, reason: 'deployed' },
      ]);
  });

  it('is refused when its schedule never comes up', () => {
    given()
      .when('2026-03-26T10:00:00Z', declare({ cron_expression: '0 0 30 2 *' }))
      .thenRefused('invalid_cron_expression');
  });

  it('brings a deleted job back as it is declared, and owes no slot for the time between', () => {
    const deleted = declared.after('2026-03-26T11:00:00Z', { type: 'DeleteCronJob', reason: null });
    const known = { deleted: deleted.job(), version: deleted.events().length };
    const back = deleted
      .when('2026-03-29T10:00:00Z', declare({ cron_expression: '0 3 * * *' }, known))
      .then(['CronJobRestored', { key: 'nightly-check', cron_expression: '0 3 * * *', last_run_no: 0 }]);
    back.when('2026-03-29T10:00:01Z', { type: 'Tick' }).thenNothing();
    expect(back.job()).toMatchObject({ key: 'nightly-check', deleted: false, config_version: 3 });
  });

  it('of a deleted job needs what the job was', () => {
    const deleted = declared.after('2026-03-26T11:00:00Z', { type: 'DeleteCronJob', reason: null });
    deleted.when('2026-03-26T12:00:00Z', declare()).thenRefused('write_contention');
  });
});

it('the version of the configuration is that of the last change by a client, whatever runs', () => {
  const ran = declared
    .after('2026-03-27T02:00:00Z', { type: 'Tick' })
    .after('2026-03-27T02:01:00Z', { type: 'TriggerRun', dry_run: true, reason: 'to see' });
  expect(ran.job()?.config_version).toBe(1);
  const changed = ran.after('2026-03-27T03:00:00Z', {
    type: 'UpdateCronJob',
    changes: { name: 'x' },
    reason: null,
  });
  expect(changed.job()?.config_version).toBe(4);
});
