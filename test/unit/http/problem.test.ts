import { expect, it } from '@jest/globals';
import { UnreadableEventError } from '../../../src/events/parse-event.js';
import { ModelsBehindError } from '../../../src/history/models-behind-error.js';
import { problemOf } from '../../../src/http/problem.js';

it('who asks for the past of a job while the models are made anew is asked to come back', () => {
  expect(problemOf(new ModelsBehindError('cron-1', 300_000))).toMatchObject({
    status: 503,
    code: 'reads_behind',
  });
});

it('an event that cannot be read is named, and nobody is told to try again', () => {
  const problem = problemOf(new UnreadableEventError('cronJob-a, version 2: newer'));
  expect(problem).toEqual({
    status: 503,
    code: 'event_unreadable',
    detail: 'cronJob-a, version 2: newer',
  });
});
