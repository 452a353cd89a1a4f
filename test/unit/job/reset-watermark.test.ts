import { describe, expect, it } from '@jest/globals';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { settledAheadUntil } from '../../../src/job/settled-ahead.js';
import { createRunProof } from '../../../src/ledger/verify-runs.js';
import { createSlotProof } from '../../../src/ledger/verify-slots.js';
import { given, type Scenario } from '../../support/given.js';

const tick: JobCommand = { type: 'Tick' };
const reset: JobCommand = { type: 'ResetWatermark', reason: 'a clock ran ahead' };
const update = (changes: object): JobCommand => ({ type: 'UpdateCronJob', changes, reason: null });
const at = (time: string): number => Date.parse(time);

/** Created at 10:00, run at 10:01; then the clock showed the next day for a while, and is right again at 10:03. */
function settledAhead(config: object = {}): Scenario {
  return given()
    .after('2026-03-26T10:00:00Z', {
      type: 'ScheduleCronJob',
      config: {
        ...defaultJobConfig,
        name: 'job',
        cron_expression: '* * * * *',
        concurrency_policy: 'allow',
        ...config,
      },
    })
    .after('2026-03-26T10:01:00Z', tick)
    .after('2026-03-27T10:02:00Z', tick);
}

function faultsOf(scenario: Scenario): string[] {
  const versions = { slot_engine_version: 1, tzdata_version: 'x' };
  const faults: string[] = [];
  const slots = createSlotProof(versions);
  const runs = createRunProof();
  for (const event of scenario.events()) {
    slots.take(event, versions, (_, text) => faults.push(text));
    runs.take(event, (_, text) => faults.push(text));
  }
  return faults;
}

describe('a job whose slots were settled before their time', () => {
  it('is silent until then, and says so', () => {
    const job = settledAhead().when('2026-03-26T10:03:00Z', tick).thenNothing().job();
    if (job === undefined) throw new Error('no job');
    const options = { allowSeconds: false };
    expect(settledAheadUntil(job, at('2026-03-26T10:03:00Z'), options)).toBe(at('2026-03-27T10:02:00Z'));
    expect(settledAheadUntil(job, at('2026-03-27T10:00:00Z'), options)).toBeUndefined();
    const disabled = { ...job, config: { ...job.config, enabled: false } };
    expect(settledAheadUntil(disabled, at('2026-03-26T10:03:00Z'), options)).toBeUndefined();
    const rare = { ...job, config: { ...job.config, cron_expression: '0 0 1 1 *' } };
    expect(settledAheadUntil(rare, at('2026-03-26T10:03:00Z'), options)).toBeUndefined();
  });

  it('owes them again after a reset, from the present on, with times that are true', () => {
    const scenario = settledAhead()
      .when('2026-03-26T10:03:30Z', reset)
      .then([
        'WatermarkReset',
        {
          from: '2026-03-27T10:02:00.000Z',
          to: '2026-03-26T10:03:30.000Z',
          reason: 'a clock ran ahead',
          reset_at: '2026-03-26T10:03:30.000Z',
        },
      ])
      .when('2026-03-26T10:04:00Z', tick)
      .then([
        'RunStarted',
        {
          slot: '2026-03-26T10:04:00.000Z',
          after: '2026-03-26T10:03:30.000Z',
          started_at: '2026-03-26T10:04:00.000Z',
        },
      ]);
    expect(faultsOf(scenario)).toEqual([]);
  });

  it('is not kept busy by a run that the clock began', () => {
    settledAhead({ concurrency_policy: 'forbid', timeout_seconds: 90 })
      .after('2026-03-26T10:03:30Z', reset)
      .when('2026-03-26T10:05:10Z', tick)
      .then(
        ['RunSkipped', { reason: 'overlap', from: '2026-03-26T10:04:00.000Z', count: 1 }],
        ['RunCompleted', { error: { code: 'timed_out' } }],
        ['RunStarted', { slot: '2026-03-26T10:05:00.000Z' }],
      );
  });

  it.each([
    ['another schedule', update({ cron_expression: '*/2 * * * *' })],
    ['a disable', update({ enabled: false })],
    ['a delete', { type: 'DeleteCronJob', reason: null } satisfies JobCommand],
  ])('counts from the present after %s by a client', (_, command) => {
    const scenario = settledAhead()
      .when('2026-03-26T10:03:30Z', command)
      .then(
        ['WatermarkReset', { to: '2026-03-26T10:03:30.000Z' }],
        [command.type === 'DeleteCronJob' ? 'CronJobDeleted' : 'CronJobUpdated'],
      );
    expect(faultsOf(scenario)).toEqual([]);
    expect(scenario.job()?.last_event_at).toBe(at('2026-03-26T10:03:30Z'));
  });

  it('keeps its watermark when a client changes something else', () => {
    settledAhead()
      .when('2026-03-26T10:03:30Z', update({ name: 'other' }))
      .then(['CronJobUpdated']);
  });

  it('cannot be reset when nothing was settled ahead', () => {
    given()
      .after('2026-03-26T10:00:00Z', {
        type: 'ScheduleCronJob',
        config: { name: 'job', cron_expression: '* * * * *' },
      })
      .when('2026-03-26T10:00:30Z', reset)
      .thenRefused('not_settled_ahead');
    given().when('2026-03-26T10:00:30Z', reset).thenRefused('cron_job_not_found');
  });
});

describe('a job that a clock within the tolerance has run', () => {
  const onTime = (): Scenario =>
    given()
      .after('2026-03-26T10:00:00Z', {
        type: 'ScheduleCronJob',
        config: { name: 'job', cron_expression: '* * * * *', concurrency_policy: 'allow' },
      })
      .after('2026-03-26T10:10:00Z', tick);

  it.each(['10:09:59', '10:05:01', '10:00:00'])('is not reset by one that shows %s', (time) => {
    onTime().when(`2026-03-26T${time}Z`, reset).thenRefused('not_settled_ahead');
    onTime()
      .when(`2026-03-26T${time}Z`, update({ cron_expression: '*/2 * * * *' }))
      .then(['CronJobUpdated']);
  });
});

describe('the proof', () => {
  it.each([
    ['a reset that begins elsewhere', { from: '2026-03-27T10:05:00.000Z' }],
    ['a reset that leaves slots out', { to: '2026-03-26T10:10:00.000Z' }],
  ])('finds %s', (_, wrong) => {
    const sound = settledAhead().after('2026-03-26T10:03:30Z', reset);
    const events = sound
      .events()
      .map((event) =>
        event.type === 'WatermarkReset' ? { ...event, data: { ...event.data, ...wrong } } : event,
      );
    expect(faultsOf(sound)).toEqual([]);
    expect(faultsOf(given(...events))).toHaveLength(1);
  });
});
