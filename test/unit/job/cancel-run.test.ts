import { describe, it } from '@jest/globals';
import type { JobConfig } from '../../../src/events/job-config.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { given } from '../../support/given.js';
import { runResult } from '../../support/sample-events.js';

const tick: JobCommand = { type: 'Tick' };
const remove: JobCommand = { type: 'DeleteCronJob', reason: null };
const trigger = (dry_run = false): JobCommand => ({ type: 'TriggerRun', dry_run });
const runId = (no: number): string => `run-001${String(no).padStart(10, '0')}`;
const cancel = (run_id: string, reason: string | null = null): JobCommand => ({
  type: 'CancelRun',
  run_id,
  reason,
});
const complete = (no: number): JobCommand => ({
  type: 'CompleteRun',
  run_id: runId(no),
  status: 'success',
  result: runResult(),
});
const job = (config: Partial<JobConfig> = {}) =>
  given().after('2026-03-26T10:00:00.000Z', {
    type: 'ScheduleCronJob',
    config: { name: 'job', cron_expression: '0 2 * * *', ...config },
  });
const started = (config: Partial<JobConfig> = {}) => job(config).after('2026-03-26T10:05:00Z', trigger());

describe('cancelling a run', () => {
  it('ends it as failed, with the reason, once', () => {
    started()
      .when('2026-03-26T10:05:02Z', cancel(runId(1), 'a wrong import'))
      .then([
        'RunCompleted',
        {
          run_id: runId(1),
          status: 'failed',
          result: null,
          error: { code: 'cancelled', message: 'a wrong import' },
          completed_at: '2026-03-26T10:05:02.000Z',
        },
      ])
      .when('2026-03-26T10:05:03Z', cancel(runId(1)))
      .thenRefused('run_not_open');
  });

  it('needs no reason', () => {
    started()
      .when('2026-03-26T10:05:02Z', cancel(runId(1)))
      .then(['RunCompleted', { error: { code: 'cancelled', message: 'cancelled without a reason' } }]);
  });

  it('ends a dry one, and leaves a real one alone', () => {
    started()
      .after('2026-03-26T10:05:01Z', trigger(true))
      .when('2026-03-26T10:05:02Z', cancel(runId(2)))
      .then(['RunCompleted', { run_id: runId(2) }])
      .when('2026-03-26T10:05:03Z', complete(1))
      .then(['RunCompleted', { run_id: runId(1), status: 'success' }]);
  });

  it('makes room for the next one', () => {
    started()
      .after('2026-03-26T10:05:02Z', cancel(runId(1)))
      .when('2026-03-26T10:05:03Z', trigger())
      .then(['RunStarted', { run_no: 2 }]);
  });

  it('rejects what its worker says afterwards, once', () => {
    started()
      .after('2026-03-26T10:05:02Z', cancel(runId(1)))
      .when('2026-03-26T10:05:03Z', complete(1))
      .then(['RunResultRejected', { run_id: runId(1), status: 'success', result: runResult() }])
      .when('2026-03-26T10:05:04Z', complete(1))
      .thenNothing();
  });

  it('settles the slots that it has overlapped', () => {
    job({ cron_expression: '* * * * *' })
      .after('2026-03-26T10:01:00Z', tick)
      .when('2026-03-26T10:03:30Z', cancel(runId(1)))
      .then(
        [
          'RunSkipped',
          { reason: 'overlap', from: '2026-03-26T10:02:00.000Z', to: '2026-03-26T10:03:00.000Z', count: 2 },
        ],
        ['RunCompleted', { error: { code: 'cancelled' } }],
      )
      .when('2026-03-26T10:04:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T10:04:00.000Z' }]);
  });

  it('of a deleted job is possible while it is open', () => {
    started()
      .after('2026-03-26T10:05:01Z', remove)
      .when('2026-03-26T10:05:02Z', cancel(runId(1)))
      .then(['RunCompleted', { error: { code: 'cancelled' } }])
      .when('2026-03-26T10:05:03Z', complete(1))
      .then(['RunResultRejected']);
  });
});

describe('cancelling is refused', () => {
  it('for a run that has ended, whatever its end', () => {
    started()
      .after('2026-03-26T10:05:02Z', complete(1))
      .when('2026-03-26T10:05:03Z', cancel(runId(1)))
      .thenRefused('run_not_open');
  });

  it('for a run past its deadline: it has timed out, though nobody has recorded that yet', () => {
    const overdue = started({ timeout_seconds: 60 });
    overdue.when('2026-03-26T10:06:00Z', cancel(runId(1))).thenRefused('run_not_open');
    overdue.when('2026-03-26T10:06:00Z', tick).then(['RunCompleted', { error: { code: 'timed_out' } }]);
  });

  it.each([
    ['one that is not there yet', runId(2)],
    ['the one before the first', runId(0)],
    ['one of another job', `run-002${'1'.padStart(10, '0')}`],
    ['a number written otherwise', 'run-0011'],
    ['a number that is none', 'run-001abcdefghij'],
    ['no id at all', ''],
  ])('for a run that never was: %s', (_, run_id) => {
    started().when('2026-03-26T10:05:02Z', cancel(run_id)).thenRefused('run_not_found');
  });

  it('for a job that never was', () => {
    given()
      .when('2026-03-26T10:05:02Z', cancel(runId(1)))
      .thenRefused('cron_job_not_found');
  });
});
