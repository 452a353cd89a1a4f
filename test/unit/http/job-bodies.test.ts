import { expect, it } from '@jest/globals';
import { updatedJob } from '../../../src/http/job-bodies.js';
import { given } from '../../support/given.js';

it('an answer to a change says null for a next run that cannot be computed: the change was made', () => {
  const job = given()
    .after('2026-03-26T10:00:00Z', {
      type: 'ScheduleCronJob',
      config: { name: 'with seconds', cron_expression: '*/5 * * * * *' },
    })
    .job();
  expect(job && updatedJob(job, { allowSeconds: true }).next_run_at).toBe('2026-03-26T10:00:05Z');
  expect(job && updatedJob(job, { allowSeconds: false }).next_run_at).toBeNull();
});
