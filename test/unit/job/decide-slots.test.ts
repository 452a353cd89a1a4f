import { describe, it } from '@jest/globals';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { JobConfig } from '../../../src/events/job-config.js';
import { given } from '../../support/given.js';
import { runResult } from '../../support/sample-events.js';

const tick: JobCommand = { type: 'Tick' };
const job = (cron_expression: string, config: Partial<JobConfig> = {}) =>
  given().after('2026-03-26T10:00:00.000Z', {
    type: 'ScheduleCronJob',
    config: { name: 'job', cron_expression, ...config },
  });
const runId = (no: number): string => `run-001${String(no).padStart(10, '0')}`;
const complete = (no: number): JobCommand => ({
  type: 'CompleteRun',
  run_id: runId(no),
  status: 'success',
  result: runResult({ mentors_checked: 1 }),
});

describe('a slot that is due', () => {
  it('is started once, with its watermark, its lateness and a run id of its own', () => {
    job('0 2 * * *')
      .when('2026-03-27T02:00:00.007Z', tick)
      .then([
        'RunStarted',
        {
          run_id: runId(1),
          run_no: 1,
          trigger: 'schedule',
          slot: '2026-03-27T02:00:00.000Z',
          after: '2026-03-26T10:00:00.000Z',
          started_at: '2026-03-27T02:00:00.007Z',
          late_by_ms: 7,
          dry_run: false,
          timeout_seconds: 3600,
        },
      ])
      .when('2026-03-27T02:00:00.008Z', tick)
      .thenNothing();
  });

  it('is not started before its time, nor again when the clock steps back', () => {
    job('0 2 * * *').when('2026-03-27T01:59:59.999Z', tick).thenNothing();
    job('0 2 * * *')
      .after('2026-03-27T02:00:00Z', tick)
      .after('2026-03-27T02:00:01Z', complete(1))
      .when('2026-03-27T01:30:00Z', tick)
      .thenNothing();
  });

  it('follows the zone of the job', () => {
    job('30 7 * * *', { time_zone: 'Asia/Kolkata' })
      .when('2026-03-27T02:00:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z' }]);
  });
});

describe('after an outage', () => {
  it('starts a slot late, once, when the service was down at its time', () => {
    job('0 2 * * *')
      .when('2026-03-27T02:30:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z', late_by_ms: 1_800_000 }]);
  });

  it('latest: starts the newest and records the others', () => {
    job('0 2 * * *', { catchup_window_seconds: 604_800 })
      .when('2026-03-29T08:00:00Z', tick)
      .then(
        [
          'RunSkipped',
          {
            reason: 'superseded',
            count: 2,
            after: '2026-03-26T10:00:00.000Z',
            from: '2026-03-27T02:00:00.000Z',
            to: '2026-03-28T02:00:00.000Z',
          },
        ],
        ['RunStarted', { slot: '2026-03-29T02:00:00.000Z', after: '2026-03-28T02:00:00.000Z' }],
      );
  });

  it('latest: a slot on time supersedes the late ones', () => {
    job('* * * * *')
      .when('2026-03-26T10:05:00.500Z', tick)
      .then(
        // 60.5 s late is beyond the grace of 60 s, 0.5 s is not.
        ['RunSkipped', { reason: 'superseded', count: 4, to: '2026-03-26T10:04:00.000Z' }],
        ['RunStarted', { slot: '2026-03-26T10:05:00.000Z', late_by_ms: 500 }],
      );
  });

  it('skip: starts none that is late beyond the grace', () => {
    job('0 2 * * *', { catchup_policy: 'skip', catchup_window_seconds: 604_800 })
      .when('2026-03-29T08:00:00Z', tick)
      .then(['RunSkipped', { reason: 'catch_up_skip', count: 3 }]);
    job('0 2 * * *', { catchup_policy: 'skip' })
      .when('2026-03-27T02:01:00Z', tick)
      .then(['RunStarted', { late_by_ms: 60_000 }]);
  });

  it('all: starts them one after the other, oldest first', () => {
    job('0 2 * * *', { catchup_policy: 'all', catchup_window_seconds: 604_800 })
      .when('2026-03-29T08:00:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z' }])
      .when('2026-03-29T08:00:01Z', tick)
      .thenNothing()
      .after('2026-03-29T08:00:02Z', complete(1))
      .when('2026-03-29T08:00:02Z', tick)
      .then(['RunStarted', { slot: '2026-03-28T02:00:00.000Z' }])
      .after('2026-03-29T08:00:03Z', complete(2))
      .when('2026-03-29T08:00:03Z', tick)
      .then(['RunStarted', { slot: '2026-03-29T02:00:00.000Z' }])
      .after('2026-03-29T08:00:04Z', complete(3))
      .when('2026-03-29T08:00:04Z', tick)
      .thenNothing();
  });

  it('records slots older than the window as missed', () => {
    job('0 2 * * *')
      .when('2026-03-30T01:00:00Z', tick)
      .then(
        ['RunSkipped', { reason: 'missed_window', count: 2, to: '2026-03-28T02:00:00.000Z' }],
        ['RunStarted', { slot: '2026-03-29T02:00:00.000Z' }],
      );
  });

  it('settles a long backlog at once, without an event for each slot', () => {
    // 8 hours are 28,800 slots. Of the 61 on time the oldest is started, which supersedes all that are late.
    job('* * * * * *', { catchup_window_seconds: 31_536_000 })
      .when('2026-03-26T18:00:00Z', tick)
      .then(
        [
          'RunSkipped',
          {
            reason: 'superseded',
            from: '2026-03-26T10:00:01.000Z',
            to: '2026-03-26T17:58:59.000Z',
            count: 28_739,
          },
        ],
        ['RunStarted', { slot: '2026-03-26T17:59:00.000Z' }],
      );
  });

  it('settles years of a slot each second in one decision', () => {
    job('* * * * * *', { catchup_window_seconds: 31_536_000, catchup_policy: 'all' })
      .when('2031-03-26T10:00:00Z', tick)
      .then(
        ['RunSkipped', { reason: 'missed_window', count: 126_230_399 }],
        ['RunStarted', { slot: '2030-03-26T10:00:00.000Z', late_by_ms: 31_536_000_000 }],
      );
  });
});

describe('overlap under forbid', () => {
  const minutely = () => job('* * * * *').after('2026-03-26T10:01:00Z', tick);

  it('skips slots that come due while a run is open', () => {
    minutely()
      .when('2026-03-26T10:02:00Z', tick)
      .then(['RunSkipped', { reason: 'overlap', from: '2026-03-26T10:02:00.000Z', count: 1 }])
      .when('2026-03-26T10:04:30Z', tick)
      .then(['RunSkipped', { reason: 'overlap', from: '2026-03-26T10:03:00.000Z', count: 2 }]);
  });

  it('settles them with the completion when no tick came before it', () => {
    minutely()
      .when('2026-03-26T10:03:30Z', complete(1))
      .then(
        [
          'RunSkipped',
          { reason: 'overlap', from: '2026-03-26T10:02:00.000Z', to: '2026-03-26T10:03:00.000Z', count: 2 },
        ],
        ['RunCompleted', { status: 'success', error: null }],
      )
      .when('2026-03-26T10:04:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T10:04:00.000Z' }]);
  });

  it('does not count a slot at the instant of completion as overlapped', () => {
    minutely()
      .when('2026-03-26T10:02:00Z', complete(1))
      .then(['RunCompleted'])
      .when('2026-03-26T10:02:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T10:02:00.000Z' }]);
  });

  it('lets a slot wait that came due before a manual run began', () => {
    job('0 2 * * *')
      .after('2026-03-27T02:00:00.010Z', { type: 'TriggerRun', dry_run: false })
      .when('2026-03-27T02:00:00.020Z', tick)
      .thenNothing()
      .after('2026-03-27T02:00:05Z', complete(1))
      .when('2026-03-27T02:00:05Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z', late_by_ms: 5000 }]);
  });

  it('is not caused by a dry run, and not under allow', () => {
    job('0 2 * * *')
      .after('2026-03-27T01:59:59Z', { type: 'TriggerRun', dry_run: true })
      .when('2026-03-27T02:00:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z', run_no: 2 }]);
    job('* * * * *', { concurrency_policy: 'allow' })
      .after('2026-03-26T10:01:00Z', tick)
      .when('2026-03-26T10:02:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T10:02:00.000Z' }]);
  });
});

describe('a schedule that cannot be computed', () => {
  it('is recorded once, stops its job alone, and ends with the next change', () => {
    const broken = given({
      type: 'CronJobScheduled',
      data: {
        cron_id: 'cron-001',
        key: null,
        name: 'x',
        description: null,
        cron_expression: '0 2 * * *',
        time_zone: 'Mars/Olympus',
        enabled: true,
        misfire_grace_seconds: 60,
        catchup_policy: 'latest',
        catchup_window_seconds: 86_400,
        concurrency_policy: 'forbid',
        timeout_seconds: 3600,
        reminder_thresholds: null,
        select: null,
        max_reminders: null,
        labels: [],
        created_at: '2026-03-26T10:00:00.000Z',
      },
    });
    broken
      .when('2026-03-26T10:00:01Z', tick)
      .then(['ScheduleFailed', { failed_at: '2026-03-26T10:00:01.000Z' }])
      .when('2026-03-27T10:00:01Z', tick)
      .thenNothing()
      .when('2026-03-27T11:00:00Z', { type: 'UpdateCronJob', changes: { time_zone: 'UTC' }, reason: null })
      .then(['CronJobUpdated'])
      .when('2026-03-28T02:00:00Z', tick)
      .then(['RunStarted', { after: '2026-03-27T11:00:00.000Z' }]);
  });
});

describe('a clock that was ahead and is set right', () => {
  const ahead = () =>
    given()
      .after('2026-03-26T04:00:00Z', {
        type: 'ScheduleCronJob',
        config: { name: 'job', cron_expression: '*/10 * * * *' },
      })
      .after('2026-03-26T06:15:00Z', { type: 'TriggerRun', dry_run: true });

  it('has made no slot due before its time', () => {
    ahead()
      .when('2026-03-26T04:09:59Z', tick)
      .thenNothing()
      .when('2026-03-26T04:10:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T04:10:00.000Z', late_by_ms: 0 }]);
  });

  it('leaves no time in the stream that comes before an earlier one', () => {
    ahead()
      .when('2026-03-26T04:10:00Z', tick)
      .then(['RunStarted', { started_at: '2026-03-26T06:15:00.000Z' }]);
  });

  it('has settled no slot that comes during a run by the end of that run', () => {
    ahead()
      .after('2026-03-26T04:10:00Z', tick)
      .when('2026-03-26T04:10:05Z', {
        type: 'CompleteRun',
        run_id: 'run-0010000000002',
        status: 'success',
        result: runResult(),
      })
      .then(['RunCompleted', { completed_at: '2026-03-26T06:15:00.000Z' }])
      .when('2026-03-26T04:20:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-26T04:20:00.000Z', after: '2026-03-26T04:10:00.000Z' }]);
  });
});
