import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { auditOfJob, type JobAuditQuery } from '../../../src/history/audit-of-job.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const UP = { isLong: () => Promise.resolve(false) };

const AT = '2026-03-26T10:00:00.000Z';
const CONFIG = { ...defaultJobConfig, name: 'nightly', cron_expression: '0 2 * * *' };
const clock = createVirtualClock(AT);
/** Empty: what was is read from the log alone. */
const store = openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });
const FIRST: JobAuditQuery = { order: 'desc', after: undefined, limit: 20 };

function event(type: string, data: Record<string, unknown>, schema_version = 2): NewEvent {
  const made = sampleEvent({ cron_id: 'cron-1', ...data });
  return { ...made, type, metadata: { ...made.metadata, schema_version } };
}

const created = (): NewEvent => event('CronJobScheduled', { ...CONFIG, created_at: AT });
const updated = (changes: object, schema_version = 2): NewEvent =>
  event('CronJobUpdated', { changes, reason: null, updated_at: AT }, schema_version);
const failed = (): NewEvent => event('ScheduleFailed', { message: 'no', failed_at: AT }, 1);

let log: EventLog;
let asked: string[];

/** Counts what a page asks for: events read, and questions for a configuration. */
function counting() {
  const history = createJobHistory({ log, store, clock, modelsLag: UP }, { allowSeconds: false });
  return {
    clock,
    log: {
      async readStream(...args: Parameters<EventLog['readStream']>) {
        const events = await log.readStream(...args);
        asked.push(`${events.length} events`);
        return events;
      },
    },
    history: {
      configAt(cronId: string, version: number) {
        asked.push('configuration');
        return history.configAt(cronId, version);
      },
    },
  };
}

const page = (query: Partial<JobAuditQuery> = {}, cronId = 'cron-1') =>
  auditOfJob(counting(), cronId, { ...FIRST, ...query });

async function fill(cronId: string, events: readonly NewEvent[]): Promise<void> {
  const outcome = await append(log, `cronJob-${cronId}`, 0, events);
  expect(outcome?.kind).toBe('appended');
}

beforeEach(() => {
  asked = [];
  log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
});

describe('a page of the events of a job', () => {
  it('says what each update has changed, from what to what, by one question', async () => {
    const updates = [{ enabled: false }, { name: 'a', enabled: true }, { name: 'b' }, { timeout_seconds: 5 }];
    await fill('cron-1', [created(), ...updates.flatMap((changes) => [updated(changes), failed()])]);
    const { entries, more } = await page({ limit: 6 });
    expect(entries.map(({ version, changes }) => [version, changes])).toEqual([
      [9, null],
      [8, [{ field: 'timeout_seconds', from: 3_600, to: 5 }]],
      [7, null],
      [6, [{ field: 'name', from: 'a', to: 'b' }]],
      [5, null],
      [
        4,
        [
          { field: 'name', from: 'nightly', to: 'a' },
          { field: 'enabled', from: false, to: true },
        ],
      ],
    ]);
    expect(more).toBe(true);
    expect(asked).toEqual(['7 events', 'configuration']);
  });

  it('needs no question where it shows how the job began', async () => {
    await fill('cron-1', [created(), updated({ name: 'a' }), updated({ name: 'b' })]);
    const { entries } = await page({ order: 'asc' });
    expect(entries.map(({ changes }) => changes?.at(0)?.to)).toEqual(['nightly', 'a', 'b']);
    expect(asked).toEqual(['3 events']);
  });

  it('reads as much of a long stream as of a short one, wherever it is', async () => {
    const middle = (count: number) => Array.from({ length: count }, failed);
    await fill('cron-1', [created(), ...middle(30), updated({ name: 'a' }), ...middle(30)]);
    await fill('cron-2', [created(), ...middle(4_000), updated({ name: 'a' }), ...middle(30)]);
    const walk = async (cronId: string, order: 'asc' | 'desc', after?: number): Promise<string[]> => {
      asked = [];
      await page({ order, after }, cronId);
      return asked;
    };
    const ofShort = await walk('cron-1', 'desc', 50);
    expect(ofShort).toEqual(['21 events', 'configuration']);
    expect(await walk('cron-2', 'desc', 4_020)).toEqual(ofShort);
    expect(await walk('cron-1', 'desc')).toEqual(await walk('cron-2', 'desc'));
    expect(await walk('cron-2', 'asc', 2_000)).toEqual(['21 events']);
  });

  it('gives each event once to whoever walks, whatever the size of pages, while others are appended', async () => {
    const orders = fc.constantFrom<'asc' | 'desc'>('asc', 'desc');
    const limits = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(orders, limits, fc.integer({ min: 1, max: 25 }), async (order, sizes, count) => {
        log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
        await fill('cron-1', [created(), ...Array.from({ length: count - 1 }, failed)]);
        const found: number[] = [];
        let after: number | undefined;
        for (let at = 0, last = count; ; at++) {
          const { entries, more } = await page({ order, after, limit: sizes[at % sizes.length] ?? 1 });
          found.push(...entries.map(({ version }) => version));
          after = entries.at(-1)?.version;
          if (!more) break;
          // Forwards they are found at last, backwards they come too late.
          if (at < 3) await append(log, 'cronJob-cron-1', last++, [failed()]);
        }
        const newest = order === 'asc' ? Math.max(...found) : count;
        const all = Array.from({ length: newest }, (_, index) => index + 1);
        expect(found).toEqual(order === 'asc' ? all : all.reverse());
        await log.close();
      }),
      { numRuns: 40 },
    );
  });

  it('shows what it cannot read as it stands, and says so; the other entries are there', async () => {
    const newer = updated({ colour: 'green' }, 9);
    const events = [
      created(),
      event('CronJobPainted', { colour: 'green' }, 1),
      newer,
      failed(),
      updated({ name: 'a' }),
    ];
    await fill('cron-1', events);
    const { entries } = await page();
    expect(entries.map(({ version, at, changes }) => [version, at, changes?.length])).toEqual([
      [5, AT, undefined],
      [4, AT, undefined],
      [3, null, undefined],
      [2, null, undefined],
      [1, AT, 14],
    ]);
    expect(entries[0]?.unreadable).toMatch(/an event before it is unreadable/);
    expect(entries[0]?.data).toMatchObject({ changes: { name: 'a' } });
    expect(entries[2]).toMatchObject({ data: newer.data, actor: 'anonymous' });
    expect(entries[2]?.unreadable).toMatch(/was written by a newer version/);
    expect(entries.filter(({ unreadable }) => unreadable === null).map(({ version }) => version)).toEqual([
      4, 2, 1,
    ]);
    // The same where the unreadable one is on an earlier page.
    expect((await page({ limit: 1 })).entries[0]).toEqual(entries[0]);
  });

  it('is empty behind the ends of the stream, and where there is none', async () => {
    await fill('cron-1', [created()]);
    for (const query of [
      { after: 1 },
      { order: 'asc', after: 1 },
      { order: 'asc', after: 2 ** 53 - 1 },
    ] as const)
      expect(await page(query)).toEqual({ entries: [], more: false });
    expect(await page({}, 'cron-none')).toEqual({ entries: [], more: false });
    expect((await page({ after: 2 ** 52 })).entries).toHaveLength(1);
  });
});
