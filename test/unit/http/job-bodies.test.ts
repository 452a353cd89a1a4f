import { expect, it } from '@jest/globals';
import { jobBody, newRow, shownAfter } from '../../../src/http/job-bodies.js';
import type { CronJob } from '../../../src/job/cron-job.js';
import type { RunWarning } from '../../../src/events/job-events.js';
import { runResult } from '../../support/sample-events.js';
import { given } from '../../support/given.js';

const bodyOf = (job: CronJob, allowSeconds: boolean) =>
  jobBody(shownAfter(job, newRow(job), { allowSeconds }), undefined, { allowSeconds });

const jobWith = (config: { cron_expression: string; time_zone?: string }): CronJob => {
  const job = given()
    .after('2026-03-26T10:00:00Z', { type: 'ScheduleCronJob', config: { name: 'a job', ...config } })
    .job();
  if (job === undefined) throw new Error('there is no job');
  return job;
};

it('an answer to a change says null for a next run that cannot be computed: the change was made', () => {
  const job = jobWith({ cron_expression: '*/5 * * * * *' });
  expect(bodyOf(job, true).next_run_at).toBe('2026-03-26T10:00:05Z');
  expect(bodyOf(job, false).next_run_at).toBeNull();
});

it('an answer names what an earlier version has accepted', () => {
  const { warnings, next_run_at } = bodyOf(
    jobWith({ cron_expression: '0 2 1 JANFEB *', time_zone: 'BST' }),
    false,
  );
  expect(next_run_at).toBe('2026-11-30T20:00:00Z');
  expect(warnings).toEqual([
    expect.objectContaining({ code: 'invalid_cron_expression', field: 'cron_expression' }),
    expect.objectContaining({ code: 'invalid_time_zone', field: 'time_zone' }),
  ]);
  expect(bodyOf(jobWith({ cron_expression: '0 2 * * *' }), false).warnings).toEqual([]);
});

it('an answer names a schedule that has nothing in sight', () => {
  const job = jobWith({ cron_expression: '0 0 29 2 *' });
  const never = { ...job, config: { ...job.config, cron_expression: '0 0 * 2 1#5' } };
  expect(bodyOf(never, false).warnings).toEqual([expect.objectContaining({ code: 'never_due' })]);
});

const WARNED: [RunWarning, string][] = [
  [{ code: 'registry_empty' }, 'the registry had no records: nothing was checked'],
  [{ code: 'registry_shrank', records: 40, before: 100 }, '40 records, and 100 at the last good run'],
  [{ code: 'registry_stale', hours: 30, limit: 24 }, 'for 30 hours, 24 are allowed'],
  [{ code: 'records_unreadable', unreadable: 2, records: 50 }, '2 of 50 records could not be read'],
  [
    { code: 'too_many_reminders', reminders: 2_000, limit: 1_000 },
    '2000 reminders were due and 1000 are allowed',
  ],
];

it.each(WARNED)('an answer tells in plain words what the last run warned of: %j', (warning, says) => {
  const job = jobWith({ cron_expression: '0 2 * * *', time_zone: 'BST' });
  const row = { ...newRow(job), last_run_result: runResult({ warnings: [warning] }) };
  const { warnings } = jobBody(shownAfter(job, row, { allowSeconds: false }), undefined, {
    allowSeconds: false,
  });
  expect(warnings).toEqual([
    expect.objectContaining({ field: 'time_zone' }),
    { code: warning.code, field: 'last_run_result', message: expect.stringContaining(says) },
  ]);
});
