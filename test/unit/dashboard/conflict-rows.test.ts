import { expect, it } from '@jest/globals';
import { conflictRows } from '../../../dashboard/src/job-form/conflict-rows.js';

it('tells of each setting that others have changed what it was, is, and would be', () => {
  const theirs = [
    { field: 'name', from: 'seen', to: 'theirs' },
    { field: 'enabled', from: true, to: false },
    { field: 'select', from: null, to: { types: ['a'], labels: ['x'] } },
  ];
  const mine = { name: 'mine', select: { types: ['b'], labels: null }, labels: ['of mine alone'] };
  expect(conflictRows(theirs, mine)).toEqual([
    { name: 'name', was: 'seen', is: 'theirs', mine: 'mine' },
    { name: 'enabled', was: 'yes', is: 'no', mine: undefined },
    { name: 'selected types', was: 'all', is: 'a', mine: 'b' },
    { name: 'selected labels', was: 'all', is: 'x', mine: undefined },
  ]);
});
