import { expect, it } from '@jest/globals';
import { jobBody, newRow, shownAfter } from '../../../src/http/job-bodies.js';
import type { CronJob } from '../../../src/job/cron-job.js';
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
