import { expect, it } from '@jest/globals';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { isJobEvent, parseEvent } from '../../../src/events/parse-event.js';
import { recordAfter, type JobRecord } from '../../../src/ledger/job-record.js';
import { createMilestones } from '../../../src/ledger/milestones.js';
import type { EventLog, RecordedEvent } from '../../../src/ports/event-log.js';
import { createSeededIds } from '../../support/seeded-ids.js';

const CREATED = Date.parse('2026-03-26T10:00:00.000Z');
const EVENTS = 6_000;
const METADATA = {
  actor: 'test',
  correlation_id: 't',
  causation_id: null,
  schema_version: 1,
  slot_engine_version: 1,
  tzdata_version: 'test',
};
const unhurried = { nextSlice: () => Promise.resolve(), signal: new AbortController().signal };
const iso = (instant: number): string => new Date(instant).toISOString();

/** A job with a slot each minute, that clients change now and then. */
function createHistory(seed: number): RecordedEvent[] {
  const seeded = createSeededIds(seed);
  let settled = CREATED;
  return Array.from({ length: EVENTS }, (_, index) => {
    const time = iso(CREATED + index * 60_000);
    const event = eventOf(index, time);
    const place = {
      stream: 'cronJob-cron-1',
      version: index + 1,
      position: String(index),
      recorded_at: time,
    };
    return { ...event, ...place, id: `${seed}-${index}`, metadata: METADATA };
  });

  function eventOf(index: number, time: string): Pick<RecordedEvent, 'type' | 'data'> {
    if (index === 0) {
      const config = { ...defaultJobConfig, name: 'minutely', cron_expression: '* * * * *' };
      return { type: 'CronJobScheduled', data: { cron_id: 'cron-1', ...config, created_at: time } };
    }
    const kind = seeded.random();
    if (kind < 0.002) {
      const changes =
        seeded.random() < 0.5 ? { enabled: seeded.random() < 0.5 } : { cron_expression: '*/5 * * * *' };
      return { type: 'CronJobUpdated', data: { cron_id: 'cron-1', changes, reason: null, updated_at: time } };
    }
    if (kind < 0.4) {
      const data = { cron_id: 'cron-1', run_id: `run-${index}`, status: 'success', error: null };
      const result = { mentors_checked: 1, reminders_sent: 0, errors: 0 };
      return { type: 'RunCompleted', data: { ...data, result, completed_at: time } };
    }
    const [after, slot] = [iso(settled), iso((settled += 60_000))];
    const run = {
      cron_id: 'cron-1',
      run_id: `run-${index}`,
      run_no: index,
      trigger: 'schedule',
      slot,
      after,
    };
    const data = { ...run, started_at: time, late_by_ms: 0, dry_run: false, timeout_seconds: 3_600 };
    return { type: 'RunStarted', data };
  }
}

function recordsOf(events: readonly RecordedEvent[]): (JobRecord | undefined)[] {
  let record: JobRecord | undefined;
  return events.map((recorded) => {
    const event = parseEvent(recorded);
    if (event === undefined || !isJobEvent(event)) throw new Error(`${recorded.type} is no event of a job`);
    return (record = recordAfter(record, event));
  });
}

function createLog(events: () => readonly RecordedEvent[]) {
  let reads = 0;
  const readStream: EventLog['readStream'] = (_, { from = 1, limit }) => {
    reads++;
    return Promise.resolve(events().slice(from - 1, from - 1 + limit));
  };
  return { log: { readStream } as EventLog, reads: () => reads };
}

it('a record from the milestones is the one that the whole stream leads to, in any order of asking', async () => {
  for (const seed of [1, 2, 3]) {
    const events = createHistory(seed);
    const records = recordsOf(events);
    const milestones = createMilestones(createLog(() => events).log);
    const seeded = createSeededIds(seed);
    for (let nth = 0; nth < 60; nth++) {
      const version = 1 + Math.floor(seeded.random() * EVENTS);
      expect(await milestones.recordAt('cronJob-cron-1', version, unhurried)).toEqual(records[version - 1]);
    }
  }
});

it('what was walked over once is not walked over again', async () => {
  const { log, reads } = createLog(() => createHistory(1));
  const milestones = createMilestones(log);
  await milestones.recordAt('cronJob-cron-1', EVENTS, unhurried);
  const before = reads();
  for (const version of [5_999, 3_500, 1_200])
    await milestones.recordAt('cronJob-cron-1', version, unhurried);
  expect(reads() - before).toBeLessThanOrEqual(3 * 11);
});

it('milestones of a log that was restored are not used', async () => {
  let events = createHistory(1);
  const milestones = createMilestones(createLog(() => events).log);
  await milestones.recordAt('cronJob-cron-1', EVENTS, unhurried);
  events = createHistory(2);
  expect(await milestones.recordAt('cronJob-cron-1', 5_500, unhurried)).toEqual(recordsOf(events)[5_499]);
});

it('a walk over one stream holds up no other, and what needs none waits for none', async () => {
  const events = createHistory(1);
  const { log } = createLog(() => events);
  const never = new Promise<void>(() => undefined);
  const milestones = createMilestones(log);
  const held = { ...unhurried, nextSlice: () => never };
  void milestones.recordAt('cronJob-cron-1', EVENTS, held);
  expect(await milestones.recordAt('cronJob-cron-1', 0, unhurried)).toBeUndefined();
  expect(await milestones.recordAt('cronJob-cron-2', 1, unhurried)).toEqual(recordsOf(events)[0]);
});
