import { expect, it } from '@jest/globals';
import type { KcatMessage } from '../../servers/kcat.js';
import type { Seen } from '../follow-log.js';
import { longestWaits, publishingWaits, runWaits } from './waits.js';

const seen = (at: number, id: string, type = 'CronJobUpdated', run_id?: string): Seen => ({
  at,
  event: { id, type, data: { run_id } } as unknown as Seen['event'],
});
const written = (at: number, id: string) => ({ at, headers: { ce_id: id } }) as unknown as KcatMessage;

it('measures from the log to the first of its messages; what was not published is not measured', () => {
  const waits = publishingWaits(
    [seen(10, 'a'), seen(20, 'b'), seen(30, 'c')],
    [written(500, 'a'), written(15, 'a'), written(19, 'b')],
  );
  expect(waits).toEqual([
    { from: 10, until: 15 },
    { from: 20, until: 20 },
  ]);
});

it('measures a run from its start to its end', () => {
  const log = [
    seen(10, 'a', 'RunStarted', 'run-1'),
    seen(20, 'b', 'RunStarted', 'run-2'),
    seen(70, 'c', 'RunCompleted', 'run-1'),
  ];
  expect(runWaits(log)).toEqual([{ from: 10, until: 70 }]);
});

it('tells the longest that began after each instant', () => {
  const waits = [
    { from: 5, until: 900 },
    { from: 10, until: 15 },
    { from: 19, until: 40 },
    { from: 30, until: 31 },
  ];
  expect(longestWaits(waits, [10, 20, 40])).toEqual([21, 1, 0]);
});
