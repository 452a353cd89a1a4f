import { describe, expect, it } from '@jest/globals';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { JobEvent } from '../../../src/events/parse-event.js';
import { verifyLog, type Finding } from '../../../src/ledger/verify-log.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { reminderStream } from '../../../src/expiry-check/reminder-stream.js';
import { given, type Scenario } from '../../support/given.js';

const TODAY = { slot_engine_version: 1, tzdata_version: '2025c' };
const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: { name: 'nightly', cron_expression: '0 2 * * *', timeout_seconds: 600 },
};
const tick: JobCommand = { type: 'Tick' };
const update = (changes: object): JobCommand => ({ type: 'UpdateCronJob', changes, reason: null });

/** A job with each kind of outcome: started, timed out, superseded, disabled in between. */
function history(): Scenario {
  return given()
    .after('2026-03-26T10:00:00.000Z', create)
    .after('2026-03-27T02:00:00.000Z', tick)
    .after('2026-03-27T02:10:00.000Z', tick)
    .after('2026-03-30T02:20:00.000Z', tick)
    .after('2026-03-30T02:30:00.000Z', tick)
    .after('2026-03-30T12:00:00.000Z', update({ enabled: false }))
    .after('2026-04-02T12:00:00.000Z', update({ enabled: true }))
    .after('2026-04-03T02:00:00.000Z', tick);
}

/** Changes the events before they are written: a log as a fault of the program would have left it. */
type Tamper = (events: JobEvent[]) => JobEvent[];

const certification = { mentor_id: 'm', certification_id: 'c', expires_at: '2026-04-26' };

function reminder(threshold_days: number): Pick<NewEvent, 'type' | 'data'> {
  const run = { cron_id: 'cron-001', run_id: 'run-0010000000001', requested_at: '2026-03-27T02:00:00.000Z' };
  return { type: 'ReminderRequested', data: { ...run, ...certification, threshold_days, days_left: 1 } };
}

async function verify(
  tamper: Tamper = (events) => events,
  { now = '2026-04-03T12:00:00.000Z', versions = TODAY, reminders = [] as number[] } = {},
) {
  const log: EventLog = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const events = tamper(structuredClone(history().events()));
  const written = ({ type, data }: Pick<NewEvent, 'type' | 'data'>): NewEvent => ({
    id: systemIds.uuid(),
    type,
    data,
    metadata: { actor: 'test', correlation_id: 't', causation_id: null, schema_version: 1, ...versions },
  });
  await log.append([
    { stream: 'cronJob-cron-001', expectedVersion: 0, events: events.map(written) },
    {
      stream: reminderStream(certification.certification_id),
      expectedVersion: 0,
      events: reminders.map(reminder).map(written),
    },
  ]);
  const findings: Finding[] = [];
  const verification = await verifyLog(log, {
    today: TODAY,
    now: Date.parse(now),
    onFinding: (finding) => findings.push(finding),
    onProgress: () => undefined,
  });
  await log.close();
  return { ...verification, findings };
}

const kinds = ({ findings }: { findings: Finding[] }): string[] => findings.map(({ kind }) => kind);
const isSkip = ({ type }: JobEvent): boolean => type === 'RunSkipped';
const nthStart = (events: JobEvent[], n: number): number =>
  events.flatMap(({ type }, index) => (type === 'RunStarted' ? [index] : []))[n] ?? -1;

describe('verify', () => {
  it('finds nothing in a sound log, and counts what is there', async () => {
    const verification = await verify();
    expect(verification.findings).toEqual([]);
    expect(verification).toMatchObject({ jobs: 1, slots_started: 3, slots_skipped: 2, slots_waiting: 0 });
  });

  it('counts slots that have come and wait as no fault', async () => {
    const waiting = await verify(undefined, { now: '2026-04-06T12:00:00.000Z' });
    expect(waiting).toMatchObject({
      findings: [],
      slots_waiting: 3,
      oldest_waiting: '2026-04-04T02:00:00.000Z',
    });
  });

  it('finds a gap where an outcome is missing', async () => {
    expect(kinds(await verify((events) => events.filter((event) => !isSkip(event))))).toEqual(['gap']);
  });

  it('finds a gap where an outcome claims slots that it does not name', async () => {
    const result = await verify((events) =>
      events
        .filter((event) => !isSkip(event))
        .map((event, index, all) =>
          index === nthStart(all, 1) && event.type === 'RunStarted'
            ? { ...event, data: { ...event.data, after: '2026-03-27T02:00:00.000Z' } }
            : event,
        ),
    );
    expect(kinds(result)).toEqual(['gap']);
    expect(result.findings[0]?.text).toContain('3 slots are owed');
  });

  it('finds a double where a slot has two outcomes', async () => {
    const result = await verify((events) => {
      const start = events[nthStart(events, 2)];
      return start?.type === 'RunStarted'
        ? [...events, { ...start, data: { ...start.data, run_id: 'run-0010000000004', run_no: 4 } }]
        : events;
    });
    expect(kinds(result)).toEqual(['broken', 'double']);
  });

  it('finds slots that a change has left without an outcome', async () => {
    const result = await verify((events) => events.filter((_, index) => index !== nthStart(events, 1)));
    expect(kinds(result)).toContain('gap');
    expect(result.findings.some(({ text }) => text.includes('before the change'))).toBe(true);
  });

  it('finds a start while the job was disabled, and one of a slot that was never owed', async () => {
    const result = await verify((events) =>
      events.filter(({ type, data }) => !(type === 'CronJobUpdated' && data.changes.enabled === true)),
    );
    expect(kinds(result)).toContain('broken');
    expect(result.findings.some(({ text }) => text.includes('while disabled'))).toBe(true);
  });

  it('finds an overlap, and a run that was completed twice', async () => {
    const open = await verify((events) => events.filter(({ type }) => type !== 'RunCompleted'));
    expect(open.findings.map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining('overlaps')]),
    );
    const twice = await verify((events) =>
      events.flatMap((event): JobEvent[] => (event.type === 'RunCompleted' ? [event, event] : [event])),
    );
    expect(kinds(twice)).toEqual(['broken', 'broken']);
  });

  it('says of other versions that they explain a difference', async () => {
    const shift: Tamper = (events) =>
      events.map((event) =>
        event.type === 'RunSkipped'
          ? { ...event, data: { ...event.data, count: event.data.count + 1 } }
          : event,
      );
    expect(kinds(await verify(shift))).toEqual(['broken']);
    const older = await verify(shift, { versions: { ...TODAY, slot_engine_version: 2 } });
    expect(kinds(older)).toEqual(['explained']);
    expect(older.findings[0]?.text).toContain('engine 2');
    // UTC has no offset that newer data could move.
    const inUtc = await verify(shift, { versions: { ...TODAY, tzdata_version: '2024a' } });
    expect(kinds(inUtc)).toEqual(['broken']);
    const inAbidjan: Tamper = (events) =>
      shift(events).map((event) =>
        event.type === 'CronJobScheduled'
          ? { ...event, data: { ...event.data, time_zone: 'Africa/Abidjan' } }
          : event,
      );
    const elsewhere = await verify(inAbidjan, { versions: { ...TODAY, tzdata_version: '2024a' } });
    expect(kinds(elsewhere)).toEqual(['explained']);
  });

  it('finds a slot that was settled before it came, and a run under the id of another', async () => {
    const early = await verify((events) =>
      events.map((event, index) =>
        index === nthStart(events, 0) && event.type === 'RunStarted'
          ? { ...event, data: { ...event.data, started_at: '2026-03-27T01:59:59.000Z' } }
          : event,
      ),
    );
    expect(early.findings.some(({ text }) => text.includes('was settled before it came'))).toBe(true);
    const again = await verify((events) =>
      events.map((event, index) =>
        index === nthStart(events, 1) && event.type === 'RunStarted'
          ? { ...event, data: { ...event.data, run_id: 'run-0010000000001' } }
          : event,
      ),
    );
    expect(again.findings.some(({ text }) => text.includes('is not the id of run 2'))).toBe(true);
  });

  it('finds what comes after a delete, and counts runs that are overdue as no fault', async () => {
    const deleted = await verify((events) => {
      const at = nthStart(events, 2);
      const gone: JobEvent = {
        type: 'CronJobDeleted',
        data: { cron_id: 'cron-001', reason: null, deleted_at: '2026-04-02T12:00:00.000Z' },
      };
      return [...events.slice(0, at), gone, ...events.slice(at)];
    });
    expect(deleted.findings.some(({ text }) => text.includes('RunStarted after the delete'))).toBe(true);
    expect((await verify()).runs_overdue).toBe(1);
  });

  it('finds a reminder that was asked for again, and one after a nearer one', async () => {
    const withoutRules: Tamper = (events) =>
      events.map((event) =>
        event.type === 'RunStarted' ? { ...event, data: { ...event.data, rules: null } } : event,
      );
    expect((await verify(withoutRules, { reminders: [30, 7, 0] })).findings).toEqual([]);
    const { findings } = await verify(withoutRules, { reminders: [30, 30, 7, 14] });
    expect(findings.map(({ kind, version, text }) => [kind, version, text])).toEqual([
      ['broken', 2, 'a reminder 30 days before follows one 30 days before'],
      ['broken', 4, 'a reminder 14 days before follows one 7 days before'],
    ]);
  });

  it('names an event that cannot be read, and goes on', async () => {
    const result = await verify((events) =>
      events.map((event) =>
        event.type === 'RunSkipped' ? ({ ...event, data: { ...event.data, count: 'two' } } as never) : event,
      ),
    );
    expect(result.findings[0]?.text).toContain('RunSkipped cannot be read');
    expect(kinds(result)).toEqual(['broken', 'gap']);
  });
});
