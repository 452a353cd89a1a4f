import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { configOf } from '../../../src/events/job-config.js';
import { parseEvent, timeOf } from '../../../src/events/parse-event.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import { verifyLog } from '../../../src/ledger/verify-log.js';
import type { EventLog, RecordedEvent } from '../../../src/ports/event-log.js';
import type { JobDocument } from '../../../src/ports/read-models.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { jobsProjection, SNAPSHOT_EVERY } from '../../../src/projections/jobs.js';
import { project } from '../../../src/projections/project.js';
import { sampleEvent, wholeStream } from '../../support/sample-events.js';
import { carriedOut, CRON_ID, histories, VERSIONS } from './random-history.js';

const OPTIONS = { allowSeconds: false };
const GROUP = projectionGroups(OPTIONS).jobs;

function openStore(): ReadStore {
  return openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
}

async function projectAll(store: ReadStore, events: readonly RecordedEvent[]): Promise<void> {
  await store.write(await project({ store, clock: systemClock }, GROUP, events));
}

/** The job after each event, by walking over all of them. */
function walked(events: readonly RecordedEvent[]): { at: number | undefined; document?: JobDocument }[] {
  const jobs = jobsProjection(OPTIONS);
  let document: JobDocument | undefined;
  return events.map((recorded) => {
    const event = parseEvent(recorded);
    if (event !== undefined) document = jobs.evolve(document, event, recorded);
    return { at: event && Date.parse(timeOf(event)), ...(document && { document }) };
  });
}

/** Counts the events that are read. */
function counting(log: EventLog): { log: EventLog; read: () => number } {
  let count = 0;
  const readStream: EventLog['readStream'] = async (...asked) => {
    const events = await log.readStream(...asked);
    count += events.length;
    return events;
  };
  const counted = Object.assign(Object.create(log) as EventLog, { readStream });
  return {
    log: counted,
    read: () => {
      const before = count;
      count = 0;
      return before;
    },
  };
}

it('a job of any history is at each version and instant what a walk over its events says, however far the models are', async () => {
  const reached = { restored: 0, reset: 0, deleted: 0 };
  const property = fc.asyncProperty(histories, fc.nat(100), async (steps, projected) => {
    const { log, differing } = await carriedOut(steps);
    const store = openStore();
    const events = await wholeStream(log, jobStream(CRON_ID));
    await projectAll(store, events.slice(0, Math.ceil((events.length * projected) / 100)));
    const history = createJobHistory({ log, store, clock: systemClock }, OPTIONS);
    const states = walked(events);
    const found: unknown[] = [];
    const wanted: unknown[] = [];
    for (const [index, { at = 0, document }] of states.entries()) {
      found.push(await history.stateAt(CRON_ID, index + 1), await history.configAt(CRON_ID, index + 1));
      wanted.push(document, document && configOf(document));
      for (const instant of [at - 1, at, at + 1]) {
        found.push(await history.versionAt(CRON_ID, instant));
        wanted.push(states.findLastIndex((state) => state.at !== undefined && state.at <= instant) + 1);
      }
    }
    expect(found).toEqual(wanted);
    expect(differing).toEqual([]);
    expect(await history.stateAt(CRON_ID, events.length + 1)).toBeUndefined();
    for (const { type } of events) {
      if (type === 'CronJobRestored') reached.restored++;
      if (type === 'WatermarkReset') reached.reset++;
      if (type === 'CronJobDeleted') reached.deleted++;
    }
    await store.close();
    await log.close();
  });
  await fc.assert(property, { numRuns: 40 });
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(10);
});

it('a log of deletes, restores and reverts among clocks of which some are ahead is proved', async () => {
  const property = fc.asyncProperty(histories, async (steps) => {
    const { log } = await carriedOut(steps);
    const texts: string[] = [];
    const options = { today: VERSIONS, now: Date.parse('2026-03-27T10:00:00Z'), onProgress: () => undefined };
    await verifyLog(log, { ...options, onFinding: ({ kind, text }) => texts.push(`${kind}: ${text}`) });
    await log.close();
    expect(texts).toEqual([]);
  });
  await fc.assert(property, { numRuns: 100 });
});

/** Runs without number, and one change in the middle. */
async function longLog(length: number): Promise<{ log: EventLog; store: ReadStore }> {
  const { log } = await carriedOut([]);
  const [created] = await wholeStream(log, jobStream(CRON_ID));
  if (created === undefined) throw new Error('the job was not created');
  const started = Date.parse('2026-03-26T11:00:00Z');
  const metadata = { ...created.metadata, schema_version: 1 };
  const at = (version: number): string => new Date(started + version * 1_000).toISOString();
  const events = Array.from({ length: length - 1 }, (_, index) => {
    const version = index + 2;
    if (version === length / 2) {
      const data = { cron_id: CRON_ID, changes: { name: 'later' }, reason: null, updated_at: at(version) };
      return { id: systemIds.uuid(), type: 'CronJobUpdated', data, metadata };
    }
    const data = { cron_id: CRON_ID, message: 'again', failed_at: at(version) };
    return { id: systemIds.uuid(), type: 'ScheduleFailed', data, metadata };
  });
  for (let from = 0; from < events.length; from += 500)
    await log.append([
      { stream: jobStream(CRON_ID), expectedVersion: 1 + from, events: events.slice(from, from + 500) },
    ]);
  const store = openStore();
  await projectAll(store, await wholeStream(log, jobStream(CRON_ID)));
  return { log, store };
}

it('a long history costs a search by halves and the events behind one snapshot', async () => {
  const length = 8_000;
  const long = await longLog(length);
  const { log, read } = counting(long.log);
  const history = createJobHistory({ log, store: long.store, clock: systemClock }, OPTIONS);
  const most = SNAPSHOT_EVERY + 1;
  for (const version of [1, 2, 99, 100, 101, 3_999, 4_000, 7_777, length]) {
    const state = await history.stateAt(CRON_ID, version);
    expect(state?.name).toBe(version < length / 2 ? 'job' : 'later');
    expect(read()).toBeLessThanOrEqual(most);
    const instant = Date.parse('2026-03-26T11:00:00Z') + version * 1_000;
    expect(await history.versionAt(CRON_ID, instant + 500)).toBe(version);
    // The end of the stream, its state, and the search.
    expect(read()).toBeLessThanOrEqual(1 + most + Math.ceil(Math.log2(length)) + 1);
  }
  // Without models all of it is walked over, until nobody waits any more.
  const empty = createJobHistory({ log, store: openStore(), clock: systemClock }, OPTIONS);
  expect((await empty.stateAt(CRON_ID, length))?.name).toBe('later');
  expect(read()).toBe(length);
  const gone = AbortSignal.abort('nobody waits');
  await expect(empty.stateAt(CRON_ID, length, gone)).rejects.toBe('nobody waits');
});

it('a snapshot of another log, or of another fold, is not believed', async () => {
  const { log } = await carriedOut([]);
  const { log: other } = await carriedOut([]);
  const store = openStore();
  await projectAll(store, await wholeStream(other, jobStream(CRON_ID)));
  const history = createJobHistory({ log, store, clock: systemClock }, OPTIONS);
  const right = await history.stateAt(CRON_ID, 1);
  const wrong = await store.snapshotBefore(CRON_ID, 1);
  if (wrong === undefined) throw new Error('there is no snapshot');
  const told = async (document: Partial<typeof wrong.document>): Promise<string | undefined> => {
    const snapshot = { ...wrong, document: { ...wrong.document, ...document, name: 'a wrong one' } };
    const believing = { snapshotBefore: () => Promise.resolve(snapshot) };
    const misled = createJobHistory({ log, store: believing, clock: systemClock }, OPTIONS);
    return (await misled.stateAt(CRON_ID, 1))?.name;
  };
  const [created] = await wholeStream(log, jobStream(CRON_ID));
  const event_id = created?.id ?? '';
  expect(right?.name).toBe('job');
  expect(await told({})).toBe('job');
  expect(await told({ event_id, state: { ...wrong.document.state, fold_version: 1 } })).toBe('job');
  expect(await told({ event_id })).toBe('a wrong one');
});

it('events of types that are not known are passed over', async () => {
  const { log } = await carriedOut([]);
  const unknown = Array.from({ length: 250 }, () => sampleEvent());
  await log.append([{ stream: jobStream(CRON_ID), expectedVersion: 1, events: unknown }]);
  const data = {
    cron_id: CRON_ID,
    changes: { name: 'new' },
    reason: null,
    reverted_to: null,
    updated_at: '2026-03-26T12:00:00.000Z',
  };
  const { metadata } = sampleEvent();
  const events = [
    { id: systemIds.uuid(), type: 'CronJobUpdated', data, metadata: { ...metadata, schema_version: 3 } },
  ];
  await log.append([{ stream: jobStream(CRON_ID), expectedVersion: 251, events }]);
  const history = createJobHistory({ log, store: openStore(), clock: systemClock }, OPTIONS);
  expect(await history.versionAt(CRON_ID, Date.parse('2026-03-26T11:59:59.999Z'))).toBe(1);
  expect(await history.versionAt(CRON_ID, Date.parse('2026-03-26T12:00:00Z'))).toBe(252);
  expect((await history.configAt(CRON_ID, 251))?.name).toBe('job');
  expect((await history.configAt(CRON_ID, 252))?.name).toBe('new');
});
