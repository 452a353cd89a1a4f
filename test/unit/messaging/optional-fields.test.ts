import { describe, expect, it } from '@jest/globals';
import { NO_REASONS } from '../../../src/events/job-events.js';
import { given, incoming } from './handed-to-feed.js';

describe('the optional fields of a certification', () => {
  const required = { mentor_id: 'm', expires_at: '2030-01-31' };
  const record = { ...required, certification_id: 'key' };

  it.each([
    [{}, { type: null, labels: [], status: 'active', renewable_from: null }],
    [
      { type: null, labels: null, status: null, renewable_from: null, source: 'x', expires_in_days: 3 },
      { type: null, labels: [], status: 'active', renewable_from: null },
    ],
    [
      {
        type: 'first-aid',
        labels: ['north', 'a|b', 'north'],
        status: 'withdrawn',
        renewable_from: '2029-12-01',
      },
      { type: 'first-aid', labels: ['north', 'a|b'], status: 'withdrawn', renewable_from: '2029-12-01' },
    ],
  ])('reach the registry, where none stands the default: %j', async (more, stored) => {
    expect(await given('certifications', incoming({ ...required, ...more }))).toEqual({
      taken: [[{ ...record, ...stored }], 'feed'],
      reasons: [],
    });
  });
});

describe('the optional fields of a result', () => {
  const counts = { mentors_checked: 7, reminders_sent: 2, errors: 1 };
  const none = Object.fromEntries(NO_REASONS.map((reason) => [reason, 0]));

  it.each<[string, object, object]>([
    ['none', {}, { records_checked: null, reasons: null }],
    ['null', { records_checked: null, reasons: null }, { records_checked: null, reasons: null }],
    [
      'all',
      { records_checked: 9, reasons: { ...none, not_due: 5, superseded: 1 } },
      { records_checked: 9, reasons: { ...none, not_due: 5, superseded: 1 } },
    ],
    [
      'some reasons, and one that is not known',
      { reasons: { withdrawn: 4, on_leave: 3, constructor: 'x' } },
      { records_checked: null, reasons: { ...none, withdrawn: 4 } },
    ],
    [
      'warnings, which only this service gives',
      { records_checked: 0, warnings: [{ code: 'registry_empty' }], took_ms: 12 },
      { records_checked: 0, reasons: null },
    ],
  ])('become those of the run: %s', async (_, more, kept) => {
    const told = { cron_id: 'cron-1', run_id: 'run-1', status: 'success', result: { ...counts, ...more } };
    const { taken, reasons } = await given('results', incoming(told));
    expect(reasons).toEqual([]);
    expect(taken).toMatchObject([{ command: { type: 'CompleteRun', status: 'success' } }]);
    expect((taken[0] as { command: { result: object } }).command.result).toEqual({
      ...counts,
      ...kept,
      warnings: [],
    });
  });

  it('of a failure are not taken over: the numbers of the brake are of this service', async () => {
    const error = { code: 'too_many_reminders', message: 'why', reminders: 5, limit: 4 };
    const told = { cron_id: 'cron-1', run_id: 'run-1', status: 'failed', error };
    expect((await given('results', incoming(told))).taken).toMatchObject([
      { command: { error: { code: 'check_failed', message: 'too_many_reminders: why' } } },
    ]);
  });
});
