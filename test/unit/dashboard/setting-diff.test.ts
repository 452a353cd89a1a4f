import { expect, it } from '@jest/globals';
import { settingDiffs } from '../../../dashboard/src/history/setting-diff.js';

const diff = (field: string, from: unknown, to: unknown) => settingDiffs({ field, from, to });

it.each([
  ['name', 'nightly', '<b>x</b>', 'nightly', '<b>x</b>'],
  ['enabled', true, false, 'yes', 'no'],
  ['description', null, 'x', 'none', 'x'],
  ['timeout_seconds', 30, 5_400, '30 s', '1 h 30 min (5400 s)'],
  ['misfire_grace_seconds', 0, 60, '0', '1 min (60 s)'],
  ['max_reminders', null, 0, 'the default of the service', 'no limit'],
  ['max_reminders', 0, 500, 'no limit', '500'],
  ['reminder_thresholds', null, [30, -7], 'the default of the service', '30, -7'],
  ['labels', ['a'], [], 'a', 'none'],
  ['colour', { red: 1 }, undefined, '{"red":1}', 'none'],
])('tells what %s was and is: %j, %j', (field, from, to, was, is) => {
  expect(diff(field, from, to)).toEqual([expect.objectContaining({ was, is })]);
});

it('tells of lists what has come and what has gone', () => {
  expect(diff('labels', ['eu', 'prod'], ['eu', 'night', 'x'])[0]?.items).toEqual({
    removed: ['prod'],
    added: ['night', 'x'],
  });
  expect(diff('reminder_thresholds', [90, 30, 7], [60, 30])[0]?.items).toEqual({
    removed: ['90', '7'],
    added: ['60'],
  });
  expect(diff('reminder_thresholds', [90, 30], [30, 90])[0]?.items).toEqual({ removed: [], added: [] });
  expect(diff('reminder_thresholds', null, [30])[0]?.items).toBeUndefined();
});

it('tells of a selection its types and its labels, those that differ', () => {
  expect(diff('select', null, { types: ['A'], labels: null })).toEqual([
    { name: 'selected types', was: 'all', is: 'A', items: undefined },
  ]);
  expect(diff('select', { types: ['A', 'B'], labels: ['x'] }, { types: ['B'], labels: null })).toEqual([
    { name: 'selected types', was: 'A, B', is: 'B', items: { removed: ['A'], added: [] } },
    { name: 'selected labels', was: 'x', is: 'all', items: undefined },
  ]);
});
