import { expect, it } from '@jest/globals';
import { eventWords } from '../../../dashboard/src/system/event-words.js';

const to = (field: 'enabled' | 'name', value: unknown) => [{ field, from: null, to: value }] as never;

it.each([
  ['job scheduled', { type: 'CronJobScheduled', changes: to('enabled', true) }],
  ['job updated', { type: 'CronJobUpdated', changes: to('name', 'other') }],
  ['job disabled', { type: 'CronJobUpdated', changes: to('enabled', false) }],
  ['job enabled', { type: 'CronJobUpdated', changes: to('enabled', true) }],
  ['run started', { type: 'RunStarted' }],
  ['run completed', { type: 'RunCompleted', data: { status: 'success' } }],
  ['run failed', { type: 'RunCompleted', data: { status: 'failed' } }],
  ['watermark reset', { type: 'WatermarkReset' }],
  ['mentor praised 2', { type: 'MentorPraised 2' }],
])('an event is told in a few words: %s', (words, event) => {
  expect(eventWords({ data: {}, changes: null, ...event })).toBe(words);
});
