import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { createAuditIndex } from '../../../src/history/audit-index.js';
import type { AuditPage, AuditQuery } from '../../../src/history/audit-query.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { project } from '../../../src/projections/project.js';
import { append, sampleEvent, wholeStream } from '../../support/sample-events.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const UP = { isLong: () => Promise.resolve(false) };

const AT = '2026-03-26T10:00:00.000Z';
const ALL: AuditQuery = {
  cronId: undefined,
  actor: undefined,
  types: undefined,
  from: undefined,
  to: undefined,
  after: undefined,
  limit: 20,
};

let clock: VirtualClock;
let log: EventLog;
let store: ReadStore;
let read: number;
/** How the projector and its models are. */
let projected: Promise<void>;
let isLong: boolean;
let isOfOneState: boolean;

beforeEach(() => {
  clock = createVirtualClock(AT);
  log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  store = openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });
  read = 0;
  projected = Promise.resolve();
  isLong = false;
  isOfOneState = true;
});

function event(type: string, data: object, actor = 'anonymous'): NewEvent {
  const made = sampleEvent({ cron_id: 'cron-1', ...data });
  return { ...made, type, metadata: { ...made.metadata, actor, schema_version: 2 } };
}

const config = { ...defaultJobConfig, name: 'nightly', cron_expression: '0 2 * * *' };
const created = event('CronJobScheduled', { ...config, created_at: AT });
const skipped = (at = AT): NewEvent => {
  const made = event(
    'RunSkipped',
    { from: AT, to: AT, count: 1, after: AT, reason: 'overlap', skipped_at: at },
    'scheduler',
  );
  return { ...made, metadata: { ...made.metadata, schema_version: 1 } };
};
const updated = (changes: object, actor = 'key:alice'): NewEvent =>
  event('CronJobUpdated', { changes, reason: null, updated_at: AT }, actor);

async function fill(cronId: string, events: readonly NewEvent[]): Promise<void> {
  expect(await append(log, `cronJob-${cronId}`, 0, events)).toMatchObject({ kind: 'appended' });
}

async function index(cronId: string): Promise<void> {
  const { audit } = projectionGroups({ allowSeconds: false });
  await store.write(
    (await project({ store, clock }, audit, await wholeStream(log, `cronJob-${cronId}`))) ?? [],
  );
}

async function page(query: Partial<AuditQuery> = {}, ofLog: EventLog = log): Promise<AuditPage | undefined> {
  const history = createJobHistory({ log: ofLog, store, clock, modelsLag: UP }, { allowSeconds: false });
  const counting = {
    head: () => ofLog.head(),
    async readStream(...args: Parameters<EventLog['readStream']>) {
      const events = await ofLog.readStream(...args);
      read += events.length;
      return events;
    },
  };
  const audit = createAuditIndex({
    log: counting,
    store,
    clock,
    history,
    projected: { whenProjected: () => projected },
    lag: { reading: async (read) => ({ found: await read(), isOfOneState, isLong }) },
  });
  const answer = audit.page({ ...ALL, ...query }, new AbortController().signal);
  await clock.advance(1_000);
  return answer;
}

const versions = (answer: AuditPage | undefined): number[] | undefined =>
  answer?.entries.map(({ version }) => version);

describe('a page of events across jobs', () => {
  it('says that it may lack the newest where the index does not come to the head of the log in time', async () => {
    await fill('cron-1', [created]);
    await index('cron-1');
    projected = new Promise(() => undefined);
    expect(await page()).toMatchObject({ isBehind: true, entries: [{ version: 1 }] });
    projected = Promise.resolve();
    expect(await page()).toMatchObject({ isBehind: false, entries: [{ version: 1 }] });
  });

  it('is none while the index is made anew, or is of another log', async () => {
    await fill('cron-1', [created, updated({ name: 'a' })]);
    projected = new Promise(() => undefined);
    isLong = true;
    expect(await page()).toBeUndefined();
    await index('cron-1');
    projected = Promise.resolve();
    const other = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
    expect(await page({}, other)).toBeUndefined();
    await append(other, 'cronJob-cron-0', 0, [created]);
    await append(other, 'cronJob-cron-1', 0, [created, updated({ name: 'b' })]);
    expect(await page({}, other)).toBeUndefined();
  });

  it('is none where the index was emptied while it was read, though it had come to the head before', async () => {
    await fill('cron-1', [created]);
    await index('cron-1');
    isOfOneState = false;
    expect(await page()).toBeUndefined();
  });

  it('reads the events that it shows, and no others, however many there are', async () => {
    const many = Array.from({ length: 2_000 }, () => skipped());
    await fill('cron-1', [created, updated({ name: 'a' }), ...many, updated({ name: 'b' }, 'key:bob')]);
    await index('cron-1');
    const history = 'CronJobScheduled';
    expect(versions(await page({ actor: 'key:alice' }))).toEqual([2]);
    expect(versions(await page({ types: [history] }))).toEqual([1]);
    expect(versions(await page({ cronId: 'cron-1', types: ['CronJobUpdated'] }))).toEqual([2_003, 2]);
    expect(versions(await page({ cronId: 'cron-1', actor: 'key:bob', types: [history] }))).toEqual([]);
    expect(read).toBe(4);
  });

  it('shows each change by what was before it, and what it cannot read as it stands', async () => {
    const newer = updated({ colour: 'green' });
    newer.metadata.schema_version = 9;
    await fill('cron-1', [created, updated({ name: 'a' }), newer, updated({ name: 'b' })]);
    await index('cron-1');
    const { entries = [] } = (await page({ types: ['CronJobUpdated'] })) ?? {};
    expect(entries.map(({ version, changes }) => [version, changes])).toEqual([
      [4, null],
      [3, null],
      [2, [{ field: 'name', from: 'nightly', to: 'a' }]],
    ]);
    expect(entries.map(({ unreadable }) => unreadable !== null)).toEqual([true, true, false]);
    expect(entries[1]?.data).toEqual(newer.data);
  });
});

describe('a page of the events of one job that may be routine', () => {
  it('comes from the stream, looks at 1,000 events at most, and says where to go on', async () => {
    await fill('cron-1', [created, ...Array.from({ length: 2_500 }, () => skipped())]);
    const question = { cronId: 'cron-1', actor: 'scheduler', types: ['RunStarted', 'RunSkipped'] };
    expect(versions(await page({ ...question, limit: 2 }))).toEqual([2_501, 2_500]);
    const none = { ...question, types: ['RunStarted'] };
    read = 0;
    let answer = await page(none);
    expect(answer).toMatchObject({ entries: [], next: { version: 1_502 }, isBehind: false });
    expect(read).toBe(1_000);
    for (let pages = 0; pages < 2; pages++) answer = await page({ ...none, after: answer?.next });
    expect(answer).toMatchObject({ entries: [], next: undefined });
  });

  it('is of the time that was asked for', async () => {
    const minutes = Array.from({ length: 30 }, (_, minute) => `2026-03-26T10:${10 + minute}:00.000Z`);
    await fill('cron-1', [created, ...minutes.map(skipped)]);
    const [from, to] = ['2026-03-26T10:15:00.000Z', '2026-03-26T10:20:00.000Z'].map((at) => Date.parse(at));
    expect(versions(await page({ cronId: 'cron-1', from, to }))).toEqual([11, 10, 9, 8, 7]);
    expect(versions(await page({ cronId: 'cron-1', to: Date.parse(AT) }))).toEqual([]);
    expect(await page({ cronId: 'cron-none', from })).toMatchObject({ entries: [], next: undefined });
  });
});
