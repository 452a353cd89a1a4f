import { expect, it } from '@jest/globals';
import { createRebuildLines } from '../../../src/cli/rebuild-lines.js';
import type { RebuildProgress } from '../../../src/core/rebuild.js';

const at = (events: number, position: string): RebuildProgress => ({
  phase: 'projecting',
  events,
  position,
  head: '0000000000000001000',
});

it('a phase is told when it begins, progress once a second, with its own rate', () => {
  const lines = createRebuildLines(0);
  expect(lines.progress({ ...at(0, ''), phase: 'preparing' }, 0)).toMatch(
    /^waiting for the running instances/,
  );
  expect(lines.progress({ ...at(0, ''), phase: 'preparing' }, 5_000)).toBeUndefined();
  expect(lines.progress(at(0, ''), 10_000)).toMatch(/^projecting/);
  expect(lines.progress(at(100, '0000000000000000100'), 10_900)).toBeUndefined();
  expect(lines.progress(at(500, '0000000000000000500'), 12_000)).toBe('500 events, 50 % of the log, 250/s\n');
  expect(lines.result({ events: 1_000, compared: 7 }, 14_000)).toBe(
    'rebuilt from 1000 events in 14.0 s; 7 rows compared\n',
  );
});

it('positions with two numbers, and a log without events', () => {
  const lines = createRebuildLines(0);
  lines.progress(at(0, ''), 0);
  expect(lines.progress({ ...at(1, '30-30'), head: '40-40' }, 1_000)).toContain(' 75 % ');
  expect(lines.progress({ ...at(0, ''), head: '' }, 2_000)).toContain(' 0 % ');
});
