import { expect, it } from '@jest/globals';
import { withoutReadOnly } from '../../../src/http/read-only-fields.js';
import { runResult } from '../../support/sample-events.js';

const job = { id: 'cron-1', key: null, created_at: '2026-03-26T10:00:00Z' };
const sentBack = (fields: object) => withoutReadOnly({ ...job, name: 'renamed', ...fields }, job);

it.each([
  [null],
  [runResult({ records_checked: 9, warnings: [{ code: 'registry_shrank', records: 4, before: 9 }] })],
  [runResult({ reasons: { not_due: 3 } as never })],
  // As an earlier version has shown it.
  [{ mentors_checked: 1, reminders_sent: 0, errors: 0 }],
])('a last result may come back as it was read: %j', (last_run_result) => {
  expect(sentBack({ last_run_result })).toEqual({ name: 'renamed' });
});

it.each([
  [{ ...runResult(), records_checked: 'many' }],
  [{ ...runResult(), reasons: { not_due: 'all' } }],
  [{ ...runResult(), warnings: ['registry_empty'] }],
  [{ ...runResult(), more: 1 }],
])('a last result that nothing has shown is refused: %j', (last_run_result) => {
  expect(() => sentBack({ last_run_result })).toThrow('last_run_result: is read-only');
});
