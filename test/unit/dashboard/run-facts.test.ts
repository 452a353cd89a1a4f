import { describe, expect, it } from '@jest/globals';
import { durationOf, durationWords, kindOf, latenessWords } from '../../../dashboard/src/runs/run-facts.js';
import { run, WARNED } from './runs.js';

describe('what is told of a run', () => {
  it('is how long it has taken, in whole seconds, once it has ended', () => {
    expect(durationOf(run({}))).toBe(65_000);
    expect(durationOf(run({ completed_at: null }))).toBeUndefined();
    expect(durationOf(run({ started_at: null }))).toBeUndefined();
    // The clocks of two machines.
    expect(durationOf(run({ completed_at: '2026-11-28T01:59:59Z' }))).toBe(0);
    expect([0, 1_000, 65_000].map(durationWords)).toEqual(['under 1 s', '1 s', '1 min 5 s']);
  });

  it('is how late it has begun, from a second on', () => {
    expect([0, 999, 1_000, 3_900_000].map(latenessWords)).toEqual([
      'on time',
      'on time',
      '1 s late',
      '1 h 5 min late',
    ]);
  });

  it.each([
    ['success', run({})],
    ['warned', run({ result: WARNED })],
    ['dry', run({ dry_run: true })],
    ['dry', run({ dry_run: true, result: WARNED })],
    ['failed', run({ dry_run: true, status: 'failed', result: null })],
    ['failed', run({ status: 'failed', result: WARNED })],
    ['running', run({ dry_run: true, status: 'running', result: null })],
  ])('is its kind: %s', (kind, shown) => {
    expect(kindOf(shown)).toBe(kind);
  });
});
