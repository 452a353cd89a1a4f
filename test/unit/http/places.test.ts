import { expect, it } from '@jest/globals';
import { ProblemError, type Problem } from '../../../src/http/problem.js';
import { createPlaces } from '../../../src/http/places.js';

const STREAMS = { code: 'too_many_streams', what: 'streams of events', most: 100, mostOfOne: 20 } as const;

const refusal = (take: () => unknown): Problem => {
  try {
    take();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
  }
  throw new Error('it is not refused');
};

it('one sender has 20 streams at most, and leaves the others theirs', () => {
  const places = createPlaces(STREAMS);
  const leave = Array.from({ length: 20 }, () => places.take('key:a'));
  const { status, code, detail } = refusal(() => places.take('key:a'));
  expect([status, code, detail]).toEqual([
    503,
    'too_many_streams',
    'key:a has 20 streams of events open, as many as one sender may have',
  ]);
  for (const actor of ['key:b', 'user:c', 'proxy:d', 'key:e'])
    for (let count = 0; count < 20; count++) places.take(actor);
  expect(refusal(() => places.take('key:f')).detail).toContain('100 streams of events are open');
  leave[0]?.();
  places.take('key:f');
  expect(refusal(() => places.take('key:a')).code).toBe('too_many_streams');
  leave[1]?.();
  places.take('key:a');
});

it('anonymous senders may have all of them', () => {
  const places = createPlaces(STREAMS);
  const leave = Array.from({ length: 100 }, () => places.take('anonymous'));
  expect(refusal(() => places.take('anonymous')).detail).toContain('100 streams of events are open');
  for (const one of leave) one();
  for (let count = 0; count < 100; count++) places.take('anonymous');
});
