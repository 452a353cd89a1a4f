import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { JobEvent } from '../../../src/events/parse-event.js';
import { recordBefore } from '../../../src/ledger/job-record.js';
import { createMilestones } from '../../../src/ledger/milestones.js';
import { readSlotLedger, type LedgerStart } from '../../../src/ledger/read-slot-ledger.js';
import { createSlotLedger } from '../../../src/ledger/slot-ledger.js';
import { SLOT_ENGINE_VERSION } from '../../../src/schedule/slots.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { given, type Scenario } from '../../support/given.js';

const HOUR = 3_600_000;
const TODAY = { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: 'test' };
const METADATA = { actor: 'test', correlation_id: 't', causation_id: null, schema_version: 1, ...TODAY };
const CREATED = Date.parse('2026-03-26T10:00:00.000Z');
const NOW = CREATED + 96 * HOUR;
const config = { name: 'hourly', cron_expression: '0 * * * *', timeout_seconds: 5_400 } as const;
const iso = (instant: number): string => new Date(instant).toISOString();

/** An hourly job whose runs time out, so that slots overlap, with outages of some hours. */
function history(): Scenario {
  const ticks = [1, 2, 3, 9, 10, 11, 12, 30, 31, 32, 33, 34, 70, 71, 72];
  return ticks.reduce(
    (scenario, hours) => scenario.after(iso(CREATED + hours * HOUR + 1), { type: 'Tick' }),
    given().after(iso(CREATED), { type: 'ScheduleCronJob', config }),
  );
}

/** As if the schedule had been another one, or was computed differently when it was decided on. */
function atHalfPast(all: readonly JobEvent[]): JobEvent[] {
  return all.map((event) =>
    event.type === 'CronJobScheduled'
      ? { ...event, data: { ...event.data, cron_expression: '30 * * * *' } }
      : event,
  );
}

let log: EventLog;
let events: JobEvent[];

beforeAll(async () => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  events = history().events();
  const written = events.map((event) => ({ ...event, id: systemIds.uuid(), metadata: METADATA }));
  await log.append([{ stream: 'cronJob-cron-001', expectedVersion: 0, events: written }]);
});

afterAll(() => log.close());

const read = (from: number, to: number, start?: LedgerStart, cronId = 'cron-001') =>
  readSlotLedger(
    {
      log,
      milestones: createMilestones(log),
      nextSlice: () => Promise.resolve(),
      signal: new AbortController().signal,
    },
    cronId,
    { from, to, limit: 100, now: NOW, today: TODAY },
    { start, wasReset: false },
  );

describe('the slot ledger', () => {
  it('is the same when it is read from the range on, wherever that begins', async () => {
    for (let from = CREATED + 1; from < NOW + 2 * HOUR; from += 17 * 60_000) {
      const record = recordBefore(from, {
        enabled: true,
        cron_expression: '0 * * * *',
        time_zone: 'UTC',
        since: CREATED,
      });
      const version = events.length;
      expect(await read(from, from + 20 * HOUR, { version, record })).toEqual(
        await read(from, from + 20 * HOUR),
      );
    }
  });

  it('is the same when the record before the range comes from the log, also of a job that was changed', async () => {
    const all = history()
      .after(iso(CREATED + 73 * HOUR), { type: 'UpdateCronJob', changes: { enabled: false }, reason: null })
      .after(iso(CREATED + 75 * HOUR), {
        type: 'UpdateCronJob',
        changes: { enabled: true, cron_expression: '*/20 * * * *' },
        reason: null,
      })
      .after(iso(CREATED + 76 * HOUR), { type: 'Tick' })
      .after(iso(CREATED + 80 * HOUR), { type: 'Tick' })
      .after(iso(CREATED + 90 * HOUR), { type: 'DeleteCronJob', reason: null })
      .events();
    const written = all.map((event) => ({ ...event, id: systemIds.uuid(), metadata: METADATA }));
    await log.append([{ stream: 'cronJob-cron-002', expectedVersion: 0, events: written }]);
    for (let from = CREATED - HOUR; from < NOW; from += 47 * 60_000) {
      const whole = createSlotLedger({ from, to: from + 9 * HOUR, limit: 100, now: NOW, today: TODAY });
      for (const event of all) if (whole.take(event, TODAY)) break;
      expect(await read(from, from + 9 * HOUR, undefined, 'cron-002')).toEqual(whole.ledger());
    }
  });

  it('has each slot once, whatever the pages', async () => {
    const whole = await read(CREATED, NOW);
    const found: number[] = [];
    for (let from: number | undefined = CREATED; from !== undefined;) {
      const page = createSlotLedger({ from, to: NOW, limit: 7, now: NOW, today: TODAY });
      for (const event of events) if (page.take(event, TODAY)) break;
      const { entries, nextFrom } = page.ledger();
      found.push(...entries.map(({ slot }) => slot));
      from = nextFrom;
    }
    expect(found).toEqual(whole?.entries.map(({ slot }) => slot));
    expect(found).toHaveLength(95);
    expect(new Set(whole?.entries.map(({ outcome }) => outcome))).toEqual(
      new Set(['started', 'skipped', 'waiting']),
    );
  });

  it('shows a slot that was owed and has no outcome, and one that the schedule does not have', () => {
    const lost = events.filter(({ type }) => type !== 'RunSkipped');
    const ledger = createSlotLedger({ from: CREATED, to: NOW, limit: 100, now: NOW, today: TODAY });
    for (const event of lost) ledger.take(event, TODAY);
    const all = ledger.ledger().entries;
    expect(all).toHaveLength(95);
    const skipped = events.reduce((sum, { type, data }) => sum + (type === 'RunSkipped' ? data.count : 0), 0);
    expect(all.filter(({ outcome }) => outcome === 'missing')).toHaveLength(skipped);

    const other = createSlotLedger({ from: CREATED, to: NOW, limit: 100, now: NOW, today: TODAY });
    for (const event of atHalfPast(events)) other.take(event, TODAY);
    const { entries } = other.ledger();
    expect(entries.filter(({ expected }) => !expected).every(({ slot }) => slot % HOUR === 0)).toBe(true);
    expect(entries.some(({ outcome }) => outcome === 'missing')).toBe(true);

    // Another engine may have had other slots: nothing is said to be missing then.
    const older = createSlotLedger({ from: CREATED, to: NOW, limit: 100, now: NOW, today: TODAY });
    for (const event of atHalfPast(events)) older.take(event, { ...TODAY, slot_engine_version: 0 });
    expect(older.ledger().entries.some(({ outcome }) => outcome === 'missing')).toBe(false);
  });
});
