import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { FIRST_HEAD, headAfter, type LogHead } from '../../../src/ledger/log-head.js';
import { createHeadProof } from '../../../src/ledger/verify-head.js';
import { verifyLog, type Finding } from '../../../src/ledger/verify-log.js';
import type { EventLog, NewEvent, RecordedEvent } from '../../../src/ports/event-log.js';
import { given } from '../../support/given.js';

const metadata = { actor: 'test', correlation_id: 't', causation_id: null, schema_version: 1 };
const STREAM = 'cronJob-cron-001';

/** The log of a job with two runs, of which the first is timed out. */
const history: NewEvent[] = given()
  .after('2026-03-26T10:00:00.000Z', {
    type: 'ScheduleCronJob',
    config: { name: 'nightly', cron_expression: '0 2 * * *', concurrency_policy: 'allow' },
  })
  .after('2026-03-27T02:00:00.000Z', { type: 'Tick' })
  .after('2026-03-28T02:00:00.000Z', { type: 'Tick' })
  .events()
  .map((event) => ({ ...event, id: systemIds.uuid(), metadata }));

describe('verify against a head', () => {
  const logs: EventLog[] = [];
  let whole: EventLog;

  async function logOf(events: readonly NewEvent[], before = 0): Promise<EventLog> {
    const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
    logs.push(log);
    for (let version = 0; version < before; version++)
      await log.append([{ stream: 'lease-leader', expectedVersion: version, events: [lease()] }]);
    await log.append([{ stream: STREAM, expectedVersion: 0, events }]);
    return log;
  }

  const lease = (): NewEvent => ({ id: systemIds.uuid(), type: 'LeaseRenewed', data: {}, metadata });

  async function verify(log: EventLog, against?: LogHead) {
    const findings: Finding[] = [];
    const verification = await verifyLog(log, {
      today: { slot_engine_version: 1, tzdata_version: '2025c' },
      now: Date.parse('2026-03-28T03:00:00.000Z'),
      against,
      onFinding: (finding) => findings.push(finding),
      onProgress: () => undefined,
    });
    return { ...verification, texts: findings.map(({ kind, text }) => `${kind}: ${text}`) };
  }

  beforeEach(async () => {
    whole = await logOf(history);
  });

  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  it('finds the same head at each reading, whatever the lease writes and drops', async () => {
    const { head } = await verify(whole);
    expect(head).toMatchObject({ count: history.length, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await whole.append([{ stream: 'lease-leader', expectedVersion: 0, events: [lease(), lease()] }]);
    await whole.setMaxCount('lease-leader', 1);
    expect(await verify(whole, head)).toMatchObject({ texts: [], proved: true, head });
  });

  it('finds that a longer log holds the older head, and that any log holds that of an empty one', async () => {
    const { head } = await verify(whole);
    const longer: NewEvent = {
      id: systemIds.uuid(),
      type: 'CronJobDeleted',
      data: { cron_id: 'cron-001', reason: null, deleted_at: '2026-03-28T02:30:00.000Z' },
      metadata,
    };
    await whole.append([{ stream: STREAM, expectedVersion: history.length, events: [longer] }]);
    expect(await verify(whole, head)).toMatchObject({ texts: [], proved: true, events: history.length + 1 });
    expect(await verify(whole, (await verify(await logOf([]))).head)).toMatchObject({ texts: [] });
  });

  it.each([0, 1, 3])('finds that the newest events are missing, when only %i are left', async (left) => {
    const { head } = await verify(whole);
    const cut = await logOf(history.slice(0, left));
    expect(await verify(cut)).toMatchObject({ texts: [], proved: true });
    expect(await verify(cut, head)).toMatchObject({
      texts: [`head: the log has lost its end: it holds ${left} events, the head names ${history.length}`],
      proved: false,
      found: { head: 1 },
    });
  });

  it('finds one changed letter, even when more events have come', async () => {
    const { head } = await verify(await logOf(history.slice(0, 2)));
    const changed = history.map((event, index) =>
      index === 0 ? { ...event, data: { ...event.data, name: 'nightlx' } } : event,
    );
    const log = await logOf(changed);
    expect((await verify(log)).texts).toEqual([]);
    expect((await verify(log, head)).texts).toEqual([
      'head: the first 2 events are others than those of the head',
    ]);
  });

  it('finds that the same events lie elsewhere', async () => {
    const { head } = await verify(whole);
    const { texts } = await verify(await logOf(history, 2), head);
    expect(texts).toEqual([
      `head: the first 4 events are those of the head, but lie elsewhere: the last at ${'6'.padStart(19, '0')}, not at ${'4'.padStart(19, '0')}`,
    ]);
  });
});

describe('the chain', () => {
  const event = fc.record({
    stream: fc.constantFrom('cronJob-a', 'cronJob-b', 'certificationReminder-a'),
    version: fc.integer({ min: 1, max: 3 }),
    type: fc.constantFrom('RunStarted', 'RunCompleted'),
    id: fc.string({ maxLength: 3 }),
    data: fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })),
  });
  const logOf = fc.array(event, { minLength: 1, maxLength: 8 });
  const recorded = (events: readonly object[]): RecordedEvent[] =>
    (JSON.parse(JSON.stringify(events)) as RecordedEvent[]).map((each, index) => ({
      ...each,
      metadata,
      position: String(index),
      recorded_at: '',
    }));
  const headOf = (events: readonly RecordedEvent[]): LogHead => events.reduce(headAfter, FIRST_HEAD);
  const faultOf = (events: readonly RecordedEvent[], against: LogHead): string | undefined => {
    const proof = createHeadProof(against);
    for (const each of events) proof.take(each);
    return proof.fault();
  };

  it('is the same for the same events, whatever the order of their metadata, and of all that follow', () => {
    fc.assert(
      fc.property(logOf, fc.nat(8), (events, length) => {
        const log = recorded(events);
        const turned = log.map((each) => ({
          ...each,
          metadata: Object.fromEntries(Object.entries(metadata).reverse()) as typeof metadata,
        }));
        expect(headOf(turned)).toEqual(headOf(log));
        expect(faultOf(turned, headOf(log.slice(0, length)))).toBeUndefined();
      }),
    );
  });

  it('is another one when an event is left out, changed or put in, or two are exchanged', () => {
    fc.assert(
      fc.property(logOf, event, fc.nat(8), fc.nat(8), (events, other, one, two) => {
        const head = headOf(recorded(events));
        const [from, to] = [one % events.length, two % events.length];
        const exchanged = events.with(from, events[to] ?? other).with(to, events[from] ?? other);
        const wrong = [
          events.toSpliced(from, 1),
          events.with(from, other),
          events.toSpliced(from, 0, other),
          exchanged,
        ];
        for (const others of wrong) {
          const log = recorded(others);
          const begins = JSON.stringify(log.slice(0, events.length)) === JSON.stringify(recorded(events));
          expect(faultOf(log, head) === undefined).toBe(begins);
        }
      }),
    );
  });
});
