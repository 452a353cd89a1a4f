import { describe, expect, it } from '@jest/globals';
import type { JobConfig } from '../../../src/events/job-config.js';
import type { JobEvent } from '../../../src/events/parse-event.js';
import { MOST_OPEN_RUNS } from '../../../src/job/open-runs.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { wakeAt } from '../../../src/job/wake-at.js';
import { CRON_ID, given, type Scenario } from '../../support/given.js';
import { runResult } from '../../support/sample-events.js';

const tick: JobCommand = { type: 'Tick' };
const trigger = (dry_run = false): JobCommand => ({ type: 'TriggerRun', dry_run });
const remove: JobCommand = { type: 'DeleteCronJob', reason: null };
const disable: JobCommand = { type: 'UpdateCronJob', changes: { enabled: false }, reason: null };
const daily: JobCommand = { type: 'UpdateCronJob', changes: { cron_expression: '@daily' }, reason: null };
const runId = (no: number): string => `run-001${String(no).padStart(10, '0')}`;
const result = runResult();
const complete = (no: number): JobCommand => ({
  type: 'CompleteRun',
  run_id: runId(no),
  status: 'success',
  result,
});
const job = (config: Partial<JobConfig> = {}): Scenario =>
  given().after('2026-03-26T10:00:00Z', {
    type: 'ScheduleCronJob',
    config: { name: 'job', cron_expression: '* * * * * *', concurrency_policy: 'allow', ...config },
  });
/** Since a day's slots are on time and no run has come to its deadline, 20 hours of slots could be started. */
const PATIENT = { misfire_grace_seconds: 86_400, catchup_window_seconds: 604_800, timeout_seconds: 604_800 };
const AFTER_20_HOURS = '2026-03-27T06:00:00Z';

function times(count: number, scenario: Scenario, step: (before: Scenario) => Scenario): Scenario {
  let after = scenario;
  for (let done = 0; done < count; done++) after = step(after);
  return after;
}

const ofType = (scenario: Scenario, type: JobEvent['type']): JobEvent[] =>
  scenario.events().filter((event) => event.type === type);
/** What has been added to the first `from` events. */
const since = (from: Scenario, to: Scenario): JobEvent[] => to.events().slice(from.events().length);

describe('manual runs', () => {
  it.each([
    ['real', false],
    ['dry', true],
  ])('that are %s: so many may be open, beside as many of the other kind', (_, dry) => {
    const full = times(MOST_OPEN_RUNS, job({ enabled: false }), (before) =>
      before.after('2026-03-26T10:01:00Z', trigger(dry)),
    );
    full.when('2026-03-26T10:01:01Z', trigger(dry)).thenRefused('too_many_open_runs');
    const both = times(MOST_OPEN_RUNS, full, (before) => before.after('2026-03-26T10:01:01Z', trigger(!dry)));
    both.when('2026-03-26T10:01:02Z', trigger(!dry)).thenRefused('too_many_open_runs');
    both
      .after('2026-03-26T10:01:02Z', complete(7))
      .when('2026-03-26T10:01:02Z', trigger(dry))
      .then(['RunStarted', { dry_run: dry }])
      .when('2026-03-26T10:01:03Z', trigger(dry))
      .thenRefused('too_many_open_runs');
  });

  it('that are overdue make room', () => {
    times(MOST_OPEN_RUNS, job({ enabled: false, timeout_seconds: 60 }), (before) =>
      before.after('2026-03-26T10:01:00Z', trigger()),
    )
      .when('2026-03-26T10:02:00Z', trigger())
      .then(...Array.from({ length: MOST_OPEN_RUNS }, (): ['RunCompleted'] => ['RunCompleted']), [
        'RunStarted',
        {},
      ]);
  });

  it('that are dry leave the slots alone', () => {
    times(MOST_OPEN_RUNS, job({ concurrency_policy: 'forbid', cron_expression: '0 2 * * *' }), (before) =>
      before.after('2026-03-27T01:59:59Z', trigger(true)),
    )
      .when('2026-03-27T02:00:00Z', tick)
      .then(['RunStarted', { slot: '2026-03-27T02:00:00.000Z' }]);
  });
});

describe('slots that are on time by the thousand, under allow', () => {
  const backlog = job(PATIENT);
  const full = backlog.after(AFTER_20_HOURS, tick);

  it('are started oldest first, up to the limit; the others wait', () => {
    expect(since(backlog, full).map(({ data }) => 'slot' in data && data.slot)).toEqual(
      Array.from({ length: MOST_OPEN_RUNS }, (_, index) =>
        new Date(Date.parse('2026-03-26T10:00:01Z') + index * 1000).toISOString(),
      ),
    );
    full.when('2026-03-27T06:00:01Z', tick).thenNothing();
  });

  it('follow one by one as runs end', () => {
    full
      .after('2026-03-27T06:00:02Z', complete(5))
      .after('2026-03-27T06:00:02Z', complete(6))
      .when('2026-03-27T06:00:03Z', tick)
      .then(
        ['RunStarted', { slot: '2026-03-26T10:01:41.000Z', after: '2026-03-26T10:01:40.000Z' }],
        ['RunStarted', { slot: '2026-03-26T10:01:42.000Z' }],
      )
      .when('2026-03-27T06:00:04Z', tick)
      .thenNothing();
  });

  it('become late while they wait, and are then settled as their policy says', () => {
    full
      .after('2026-03-27T12:00:00Z', complete(1))
      .when('2026-03-27T12:00:00Z', tick)
      .then(
        ['RunSkipped', { reason: 'superseded', from: '2026-03-26T10:01:41.000Z', count: 7_099 }],
        ['RunStarted', { slot: '2026-03-26T12:00:00.000Z', late_by_ms: 86_400_000 }],
      );
  });

  it.each([
    ['delete', remove, 'deleted'],
    ['disable', disable, 'disabled'],
    ['change of the schedule', daily, 'schedule_changed'],
  ] as const)('are settled by a %s in a few events', (_, change, reason) => {
    const changed = backlog.after(AFTER_20_HOURS, change);
    expect(ofType(changed, 'RunStarted')).toHaveLength(MOST_OPEN_RUNS);
    expect(since(backlog, changed).slice(MOST_OPEN_RUNS)).toMatchObject([
      { type: 'RunSkipped', data: { reason, count: 20 * 3_600 - MOST_OPEN_RUNS } },
      { type: reason === 'deleted' ? 'CronJobDeleted' : 'CronJobUpdated' },
    ]);
    full
      .when(AFTER_20_HOURS, change)
      .then(
        ['RunSkipped', { reason, count: 20 * 3_600 - MOST_OPEN_RUNS }],
        [reason === 'deleted' ? 'CronJobDeleted' : 'CronJobUpdated'],
      );
  });
});

describe('a job of an older log with very many open runs', () => {
  const started = (no: number): JobEvent => ({
    type: 'RunStarted',
    data: {
      cron_id: CRON_ID,
      run_id: runId(no),
      run_no: no,
      trigger: 'manual',
      slot: null,
      after: null,
      started_at: '2026-03-26T10:00:00.000Z',
      late_by_ms: null,
      dry_run: no % 5 === 0,
      timeout_seconds: 3_600,
      rules: null,
      reason: null,
    },
  });
  const old = given(
    ...job({ cron_expression: '0 * * * *' }).events(),
    ...Array.from({ length: 1_000 }, (_, index) => started(index + 1)),
  );

  it('gets no new ones', () => {
    old.when('2026-03-26T10:30:00Z', trigger()).thenRefused('too_many_open_runs');
    old.when('2026-03-26T10:59:00Z', tick).thenNothing();
  });

  it('is changed and deleted at once', () => {
    old.when('2026-03-26T10:30:00Z', remove).then(['CronJobDeleted']);
    const deleted = old.after('2026-03-27T10:30:00Z', remove);
    expect(ofType(deleted, 'CronJobDeleted')).toHaveLength(1);
    expect(since(old, deleted).length).toBeLessThan(110);
  });

  it('has them timed out a few at a time, each once, and goes on', () => {
    let [scenario, ticks] = [old, 0];
    while ((scenario.job()?.open_runs.length ?? 0) > 0) {
      const before = scenario;
      scenario = scenario.after('2026-03-26T11:00:01Z', tick);
      expect(since(before, scenario).length).toBeLessThanOrEqual(3 * MOST_OPEN_RUNS);
      if (++ticks > 500) throw new Error('it does not end');
      if (ofType(scenario, 'RunStarted').length > 1_000) break;
    }
    const closed = ofType(scenario, 'RunCompleted').map(({ data }) => 'run_id' in data && data.run_id);
    expect(closed).toHaveLength(1_000);
    expect(new Set(closed).size).toBe(1_000);
    // The slot that came meanwhile.
    expect(ofType(scenario, 'RunStarted').at(-1)?.data).toMatchObject({ slot: '2026-03-26T11:00:00.000Z' });
  });

  it('takes a result that comes after the deadline for late, though the run has not been timed out yet', () => {
    const late = old.after('2026-03-26T11:00:01Z', complete(999));
    expect(since(old, late).slice(-2)).toMatchObject([
      { type: 'RunCompleted', data: { run_id: runId(999), error: { code: 'timed_out' } } },
      { type: 'RunResultRejected', data: { run_id: runId(999) } },
    ]);
  });
});

it('the next look at a job takes in any number of open runs', () => {
  const before = job().job();
  if (before === undefined) throw new Error('there is no job');
  const run = {
    run_id: 'run',
    trigger: 'manual',
    started_at: 0,
    deadline: 5_000,
    dry_run: false,
    rules: null,
  } as const;
  const open_runs = Array.from({ length: 300_000 }, () => run);
  expect(wakeAt({ ...before, open_runs }, -Infinity, { allowSeconds: true })).toBe(5_000);
});
