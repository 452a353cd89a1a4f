import { describe, it } from '@jest/globals';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { JobConfig } from '../../../src/events/job-config.js';
import { given } from '../../support/given.js';
import { runResult } from '../../support/sample-events.js';

const tick: JobCommand = { type: 'Tick' };
const trigger = (dry_run = false): JobCommand => ({ type: 'TriggerRun', dry_run });
const job = (config: Partial<JobConfig> = {}) =>
  given().after('2026-03-26T10:00:00.000Z', {
    type: 'ScheduleCronJob',
    config: { name: 'job', cron_expression: '0 2 * * *', ...config },
  });
const runId = (no: number): string => `run-001${String(no).padStart(10, '0')}`;
const result = runResult({ mentors_checked: 124, reminders_sent: 3 });
const complete = (no: number): JobCommand => ({
  type: 'CompleteRun',
  run_id: runId(no),
  status: 'success',
  result,
});

describe('a manual run', () => {
  it('starts at once, without a slot, and leaves the watermark alone', () => {
    job()
      .when('2026-03-26T10:05:00Z', trigger())
      .then(['RunStarted', { trigger: 'manual', slot: null, after: null, late_by_ms: null, dry_run: false }])
      .after('2026-03-26T10:05:01Z', complete(1))
      .when('2026-03-27T02:00:00Z', tick)
      .then(['RunStarted', { run_no: 2, after: '2026-03-26T10:00:00.000Z' }]);
  });

  it('is refused while a real run is open under forbid, but not under allow, and not when either is dry', () => {
    job()
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:05:01Z', trigger())
      .thenRefused('run_in_progress');
    job({ concurrency_policy: 'allow' })
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:05:01Z', trigger())
      .then(['RunStarted', { run_no: 2 }]);
    job()
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:05:01Z', trigger(true))
      .then(['RunStarted', { dry_run: true }]);
    job()
      .after('2026-03-26T10:05:00Z', trigger(true))
      .when('2026-03-26T10:05:01Z', trigger())
      .then(['RunStarted', { dry_run: false }]);
  });

  it('is allowed on a disabled job', () => {
    job({ enabled: false }).when('2026-03-26T10:05:00Z', trigger()).then(['RunStarted']);
  });

  it('closes a run that is overdue before it asks whether one is open', () => {
    job({ timeout_seconds: 60 })
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:06:00Z', trigger())
      .then(['RunCompleted', { error: { code: 'timed_out' } }], ['RunStarted', { run_no: 2 }]);
  });
});

describe('completing a run', () => {
  it('happens once: a repeat changes nothing', () => {
    job()
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:05:02Z', complete(1))
      .then(['RunCompleted', { run_id: runId(1), status: 'success', result, error: null }])
      .when('2026-03-26T10:05:03Z', complete(1))
      .thenNothing();
  });

  it('of a run that never was changes nothing', () => {
    job().when('2026-03-26T10:05:02Z', complete(7)).thenNothing();
  });

  it('can say that the check failed', () => {
    const error = { code: 'check_failed', message: 'out of paper' } as const;
    job()
      .after('2026-03-26T10:05:00Z', trigger())
      .when('2026-03-26T10:05:02Z', { type: 'CompleteRun', run_id: runId(1), status: 'failed', error })
      .then(['RunCompleted', { status: 'failed', result: null, error }]);
  });

  it('is taken for a deleted job too', () => {
    job()
      .after('2026-03-26T10:05:00Z', trigger())
      .after('2026-03-26T10:05:01Z', { type: 'DeleteCronJob', reason: null })
      .when('2026-03-26T10:05:02Z', complete(1))
      .then(['RunCompleted', { status: 'success' }]);
  });
});

describe('the time-out of a run', () => {
  const started = () => job({ timeout_seconds: 60 }).after('2026-03-26T10:05:00Z', trigger());

  it('comes at the deadline, and not before', () => {
    started().when('2026-03-26T10:05:59.999Z', tick).thenNothing();
    started()
      .when('2026-03-26T10:06:00Z', tick)
      .then([
        'RunCompleted',
        {
          status: 'failed',
          result: null,
          error: { code: 'timed_out' },
          completed_at: '2026-03-26T10:06:00.000Z',
        },
      ]);
  });

  it('keeps the deadline that the run began with', () => {
    started()
      .after('2026-03-26T10:05:10Z', {
        type: 'UpdateCronJob',
        changes: { timeout_seconds: 3600 },
        reason: null,
      })
      .when('2026-03-26T10:06:00Z', tick)
      .then(['RunCompleted']);
  });

  it('rejects a later result, once', () => {
    started()
      .after('2026-03-26T10:06:00Z', tick)
      .when('2026-03-26T10:07:00Z', complete(1))
      .then(['RunResultRejected', { run_id: runId(1), status: 'success', result }])
      .when('2026-03-26T10:08:00Z', complete(1))
      .thenNothing();
  });

  it('does not depend on who is quicker: a result after the deadline is late', () => {
    started()
      .when('2026-03-26T10:06:00Z', complete(1))
      .then(['RunCompleted', { error: { code: 'timed_out' } }], ['RunResultRejected']);
  });

  it('ends the overlap at the deadline, however late it is recorded', () => {
    job({ cron_expression: '* * * * *', timeout_seconds: 90, misfire_grace_seconds: 600 })
      .after('2026-03-26T10:01:00Z', tick)
      .when('2026-03-26T10:03:10Z', tick)
      .then(
        ['RunSkipped', { reason: 'overlap', from: '2026-03-26T10:02:00.000Z', count: 1 }],
        ['RunCompleted', { error: { code: 'timed_out' } }],
        ['RunStarted', { slot: '2026-03-26T10:03:00.000Z' }],
      );
  });

  it('settles every slot that overlapped, however many', () => {
    job({ cron_expression: '* * * * * *', timeout_seconds: 86_400 })
      .after('2026-03-26T10:00:01Z', tick)
      .when('2026-03-26T20:00:01Z', complete(1))
      .then(
        [
          'RunSkipped',
          {
            reason: 'overlap',
            from: '2026-03-26T10:00:02.000Z',
            to: '2026-03-26T20:00:00.000Z',
            count: 35_999,
          },
        ],
        ['RunCompleted', { status: 'success' }],
      );
  });
});
