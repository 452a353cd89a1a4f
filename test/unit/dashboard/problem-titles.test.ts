import { expect, it } from '@jest/globals';
import { PROBLEM_TITLES } from '../../../dashboard/src/show/problem-titles.js';
import { problems } from '../../../src/documents/openapi/problems.js';

it('problems have titles by codes that the service sends, or by that of no answer', () => {
  const known = ['unreachable', ...Object.keys(problems)];
  expect(Object.keys(PROBLEM_TITLES).filter((code) => !known.includes(code))).toEqual([]);
});
