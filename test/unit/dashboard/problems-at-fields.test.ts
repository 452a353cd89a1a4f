import { expect, it } from '@jest/globals';
import { newDraft } from '../../../dashboard/src/job-form/job-draft.js';
import { problemsAtFields } from '../../../dashboard/src/job-form/problems-at-fields.js';

it('puts each problem at its field of the form, those of entries at that of their list', () => {
  const { at, elsewhere } = problemsAtFields(
    new Map([
      ['name', 'must be a text'],
      ['reminder_thresholds.0', 'must be a number'],
      ['reminder_thresholds.2', 'must be a number'],
      ['select.types', 'must be a list'],
      ['select.labels.1', 'must be a text'],
      ['select', 'is too large'],
      ['reason', 'is too long'],
    ]),
    newDraft('UTC'),
  );
  expect(Object.fromEntries(at)).toEqual({
    name: 'must be a text',
    reminder_thresholds: 'entry 1 must be a number; entry 3 must be a number',
    select_types: 'must be a list; is too large',
    select_labels: 'entry 2 must be a text',
    reason: 'is too long',
  });
  expect(elsewhere).toEqual([]);
});

it('tells elsewhere what is wrong with no field of the form', () => {
  const found = new Map([
    ['Idempotency-Key', 'must be shorter'],
    ['toString', 'is no field'],
  ]);
  expect(problemsAtFields(found, newDraft('UTC'))).toEqual({
    at: new Map(),
    elsewhere: ['Idempotency-Key: must be shorter', 'toString: is no field'],
  });
});
