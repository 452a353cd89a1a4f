import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { evolve, FOLD_VERSION, type CronJob } from '../../src/commands/cron-job.js';
import { parseEvent, type JobEvent } from '../../src/events/domain-event.js';

const golden = JSON.parse(readFileSync('test/golden/golden-stream.json', 'utf8')) as {
  fold_version: number;
  events: { type: string; data: unknown }[];
  states: CronJob[];
};

describe('the golden stream', () => {
  it('is still read as it was written', () => {
    for (const event of golden.events)
      expect(parseEvent({ ...event, metadata: { schema_version: 1 } })).toEqual(event);
  });

  it('holds each type of event that a job can have', () => {
    const types = new Set(golden.events.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      'CronJobDeleted',
      'CronJobScheduled',
      'CronJobUpdated',
      'RunCompleted',
      'RunResultRejected',
      'RunSkipped',
      'RunStarted',
      'ScheduleFailed',
    ]);
  });

  it('folds as it did, or FOLD_VERSION was raised: stored states of an older fold must not be used', () => {
    let job: CronJob | undefined;
    const states = golden.events.map((event) => (job = evolve(job, event as JobEvent)));
    if (FOLD_VERSION === golden.fold_version) expect(states).toEqual(golden.states);
    else throw new Error('write the golden stream anew: see test/golden/write-golden-stream.mjs');
  });
});
