import { describe, expect, it } from '@jest/globals';
import {
  eventSentence,
  hasSentence,
  type HistoryEvent,
} from '../../../dashboard/src/history/event-sentence.js';
import { FIELD_NAMES } from '../../../dashboard/src/show/field-names.js';
import { skipWords } from '../../../dashboard/src/slots/skip-words.js';
import { jobConfigSchema } from '../../../src/events/job-config.js';
import { eventDefinitions } from '../../../src/events/parse-event.js';
import { scheduleEvents } from '../../../src/events/schedule-events.js';

const BARE: HistoryEvent = {
  cron_id: 'cron-1',
  version: 3,
  event_id: 'e-3',
  position: '0000000000000000003',
  type: 'CronJobDeleted',
  at: '2026-11-27T16:28:12.473Z',
  recorded_at: '2026-11-27T16:28:12.473Z',
  actor: 'key:alice',
  reason: null,
  correlation_id: 'r',
  causation_id: null,
  traceparent: null,
  term: null,
  slot_engine_version: 1,
  tzdata_version: '2025c',
  changes: null,
  data: {},
  unreadable: null,
};

function sentence(
  type: string,
  data: Record<string, unknown>,
  changes: HistoryEvent['changes'] = null,
): string {
  return eventSentence({ ...BARE, type, data, changes }, 'Europe/Berlin');
}

describe('the sentence of an event', () => {
  it.each(Object.keys(eventDefinitions))('is there for %s, whatever its data', (type) => {
    expect(hasSentence(type)).toBe(true);
    for (const data of [{}, { changes: null, error: 1, result: 'x', slot: 7, from: 'never' }])
      expect(sentence(type, data)).toMatch(/^[A-Z]/);
  });

  it.each(['CronJobRenamed', 'constructor', ''])('is there for a type of later: %j', (type) => {
    expect(sentence(type, {})).toBe(`${type}, which this page has no words for`);
  });

  it.each([
    [{ changes: { enabled: false } }, ['enabled'], 'Disabled'],
    [{ changes: { enabled: true } }, ['enabled'], 'Enabled'],
    [
      { changes: { enabled: false, name: 'x', time_zone: 'UTC' } },
      ['name', 'enabled', 'time_zone'],
      'Disabled, and changed name and time zone',
    ],
    [{ changes: { cron_expression: '@daily' } }, ['cron_expression'], 'Changed schedule'],
    [{ changes: { labels: [] }, reverted_to: 4 }, ['labels'], 'Reverted to version 4'],
    // What it was before cannot be read.
    [{ changes: { labels: [] } }, undefined, 'Changed labels'],
  ] as const)('says of %j what has changed', (data, fields, expected) => {
    const changes = fields?.map((field) => ({ field, from: null, to: null })) ?? null;
    expect(sentence('CronJobUpdated', data, changes)).toBe(expected);
  });

  it.each([
    ['CronJobScheduled', { key: null }, 'Created'],
    ['CronJobScheduled', { key: 'team/nightly' }, 'Declared as team/nightly'],
    ['RunStarted', { trigger: 'manual', run_no: 4, dry_run: true }, 'Asked for dry run 4'],
    [
      'RunStarted',
      { trigger: 'schedule', run_no: 5, slot: '2026-11-27T01:00:00.000Z', late_by_ms: 90_000 },
      'Started run 5 for the slot 2026-11-27 02:00, 1 min 30 s after it was due',
    ],
    [
      'RunCompleted',
      { status: 'failed', error: { code: 'timed_out', message: 'too long' } },
      'A run failed: too long',
    ],
    [
      'RunCompleted',
      { status: 'failed', error: { code: 'cancelled', message: 'wrong day' } },
      'Cancelled a run: wrong day',
    ],
    [
      'RunCompleted',
      { status: 'success', result: { mentors_checked: 4, reminders_sent: 1 } },
      'A run has ended: 4 mentors checked, 1 reminded',
    ],
    [
      'RunSkipped',
      { count: 1, from: '2026-11-27T01:00:00.000Z', to: '2026-11-27T01:00:00.000Z', reason: 'overlap' },
      'Skipped the slot 2026-11-27 02:00: another run of the job was still open',
    ],
    ['ScheduleFailed', { message: 'no such zone' }, 'No slot can be computed any more: no such zone'],
  ])('tells %s %j', (type, data, expected) => {
    expect(sentence(type, data)).toBe(expected);
  });
});

it('has words for each reason of a skip, and for each setting', () => {
  const reasons = scheduleEvents.RunSkipped.schema.shape.reason.options;
  for (const reason of reasons) expect(skipWords(reason)).toMatch(/ /);
  expect(skipWords('moon_phase')).toBe('moon phase');
  expect(Object.keys(FIELD_NAMES).sort()).toEqual(Object.keys(jobConfigSchema.shape).sort());
});
