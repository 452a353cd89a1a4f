import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { configOf } from '../../../src/events/job-config.js';
import { parseEvent, schemaVersionOf, timeOf } from '../../../src/events/parse-event.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { ModelsBehindError } from '../../../src/history/models-behind-error.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import { verifyLog } from '../../../src/ledger/verify-log.js';
import type { EventLog, RecordedEvent } from '../../../src/ports/event-log.js';
import type { JobDocument } from '../../../src/ports/read-models.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { jobsProjection, SNAPSHOT_EVERY, withoutRequests } from '../../../src/projections/jobs.js';
import { project } from '../../../src/projections/project.js';
import { append, sampleEvent, wholeStream } from '../../support/sample-events.js';
import { carriedOut, CRON_ID, histories, VERSIONS } from './random-history.js';

const UP = { isLong: () => Promise.resolve(false) };

const OPTIONS = { allowSeconds: false };
const GROUP = projectionGroups(OPTIONS).jobs;

function openStore(): ReadStore {
  return openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
}

async function projectAll(store: ReadStore, events: readonly RecordedEvent[]): Promise<void> {
  await store.write((await project({ store, clock: systemClock }, GROUP, events)) ?? []);
}

/** The job after each event, by walking over all of them. */
function walked(events: readonly RecordedEvent[]): { at: number | undefined; document?: JobDocument }[] {
  const jobs = jobsProjection(OPTIONS);
  let document: JobDocument | undefined;
  return events.map((recorded) => {
    const event = parseEvent(recorded);
    if (event !== undefined) document = jobs.evolve(document, event, recorded);
    return {
      at: event && Date.parse(timeOf(event)),
      ...(document && { document: withoutRequests(document) }),
    };
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
    const history = createJobHistory({ log, store, clock: systemClock, modelsLag: UP }, OPTIONS);
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
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(0);
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
  const history = createJobHistory({ log, store: long.store, clock: systemClock, modelsLag: UP }, OPTIONS);
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
  const empty = createJobHistory({ log, store: openStore(), clock: systemClock, modelsLag: UP }, OPTIONS);
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
  const history = createJobHistory({ log, store, clock: systemClock, modelsLag: UP }, OPTIONS);
  const right = await history.stateAt(CRON_ID, 1);
  const wrong = await store.snapshotBefore(CRON_ID, 1);
  if (wrong === undefined) throw new Error('there is no snapshot');
  const told = async (document: Partial<typeof wrong.document>): Promise<string | undefined> => {
    const snapshot = { ...wrong, document: { ...wrong.document, ...document, name: 'a wrong one' } };
    const believing = { snapshotBefore: () => Promise.resolve(snapshot) };
    const misled = createJobHistory({ log, store: believing, clock: systemClock, modelsLag: UP }, OPTIONS);
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
  const history = createJobHistory({ log, store: openStore(), clock: systemClock, modelsLag: UP }, OPTIONS);
  expect(await history.versionAt(CRON_ID, Date.parse('2026-03-26T11:59:59.999Z'))).toBe(1);
  expect(await history.versionAt(CRON_ID, Date.parse('2026-03-26T12:00:00Z'))).toBe(252);
  expect((await history.configAt(CRON_ID, 251))?.name).toBe('job');
  expect((await history.configAt(CRON_ID, 252))?.name).toBe('new');
});

it.each(['store_damaged', 'store_unavailable'] as const)(
  'the log answers where snapshots are %s',
  async (code) => {
    const { log } = await carriedOut([]);
    const store = { snapshotBefore: () => Promise.reject(new StoreError(code, 'no snapshot')) };
    const history = createJobHistory({ log, store, clock: systemClock, modelsLag: UP }, OPTIONS);
    expect((await history.stateAt(CRON_ID, 1))?.name).toBe('job');
  },
);

it('a snapshot that an earlier version has left is passed over', async () => {
  const { log, store } = await longLog(300);
  const { log: counted, read } = counting(log);
  const wrong = await store.snapshotBefore(CRON_ID, 250);
  const [recorded] = await log.readStream(jobStream(CRON_ID), { direction: 'forwards', from: 240, limit: 1 });
  if (wrong === undefined || recorded === undefined) throw new Error('there is none');
  const document = { ...wrong.document, event_id: recorded.id, name: 'a wrong one' };
  await store.write([
    { model: 'snapshots', rows: [{ key: `${CRON_ID}@0000000240`, version: 240, document }] },
  ]);
  const history = createJobHistory({ log: counted, store, clock: systemClock, modelsLag: UP }, OPTIONS);
  expect((await history.stateAt(CRON_ID, 250))?.name).toBe('later');
  expect(read()).toBeLessThanOrEqual(SNAPSHOT_EVERY + 1);
});

it('a long history is not walked over while the models are being made anew', async () => {
  const { log } = counting((await carriedOut([])).log);
  const making = { isLong: () => Promise.resolve(true) };
  const history = createJobHistory(
    { log, store: openStore(), clock: systemClock, modelsLag: making },
    OPTIONS,
  );
  await expect(history.stateAt(CRON_ID, 10_001)).rejects.toThrow(ModelsBehindError);
  expect(await history.stateAt(CRON_ID, 10_000)).toBeUndefined();
  expect(await history.stateAt(CRON_ID, 1)).toBeDefined();
});

it('an event that cannot be read hides nothing before it, nor the times around it', async () => {
  const { log } = await carriedOut([]);
  const at = (minute: number): string => `2026-03-26T12:${String(minute).padStart(2, '0')}:00.000Z`;
  const event = (type: string, data: object, schema_version = 1) => {
    const made = sampleEvent({ cron_id: CRON_ID, ...data });
    return { ...made, type, metadata: { ...made.metadata, schema_version } };
  };
  const failed = (minute: number, schema_version = 1) =>
    event('ScheduleFailed', { message: 'again', failed_at: at(minute) }, schema_version);
  const reset = { from: at(20), to: at(10), reason: null, reset_at: at(10) };
  await append(log, jobStream(CRON_ID), 1, [
    ...[failed(1), failed(5, 99), failed(20), event('WatermarkReset', reset), failed(15)],
  ]);
  const history = createJobHistory({ log, store: openStore(), clock: systemClock, modelsLag: UP }, OPTIONS);
  const asked = [0, 1, 4, 5, 9, 10, 14, 15, 20].map((minute) =>
    history.versionAt(CRON_ID, Date.parse(at(minute))),
  );
  expect(await Promise.all(asked)).toEqual([1, 2, 2, 3, 3, 5, 5, 6, 6]);
  expect((await history.stateAt(CRON_ID, 2))?.name).toBe('job');
  await expect(history.stateAt(CRON_ID, 4)).rejects.toThrow(
    `${jobStream(CRON_ID)}, version 3: ScheduleFailed version 99`,
  );
});

it('how many runs a job has had is told by the log', async () => {
  const { log } = await carriedOut([]);
  const history = createJobHistory({ log, store: openStore(), clock: systemClock, modelsLag: UP }, OPTIONS);
  expect(await history.newestRunNo(CRON_ID, 1)).toBe(0);
  const others = Array.from({ length: 150 }, () => sampleEvent());
  await append(log, jobStream(CRON_ID), 1, [runStarted(7), ...others]);
  expect(await history.newestRunNo(CRON_ID, 152)).toBe(7);
});

function runStarted(run_no: number) {
  const run_id = `${CRON_ID}-run-${run_no}`;
  const of = { cron_id: CRON_ID, run_id, run_no, trigger: 'manual', slot: null, after: null };
  const rest = { late_by_ms: null, dry_run: true, timeout_seconds: 60, rules: null, reason: null };
  const made = sampleEvent(Object.assign(of, rest, { started_at: '2026-03-26T11:00:00.000Z' }));
  const schema_version = schemaVersionOf('RunStarted');
  return { ...made, type: 'RunStarted', metadata: { ...made.metadata, schema_version } };
}
