import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { auditKey, auditProjection, LAST_AUDIT_KEY, mayBeRoutine } from '../../../src/projections/audit.js';
import { sampleEvent } from '../../support/sample-events.js';

const RECORDED_AT = '2026-03-26T10:00:00.007Z';
const POSITION = '0000000000000000042';

function recorded(type: string, data: Record<string, unknown>, actor = 'anonymous'): RecordedEvent {
  const event = sampleEvent({ cron_id: 'cron-1', ...data });
  const metadata = { ...event.metadata, actor };
  const place = { stream: 'cronJob-cron-1', version: 3, position: POSITION, recorded_at: RECORDED_AT };
  return Object.assign({ ...event, type, metadata }, place);
}

const failed = { message: 'no such zone', failed_at: '2026-03-26T09:59:59.000Z' };
const keyOf = (timestamp: string): string => auditKey(Date.parse(timestamp), POSITION);

it('a row points to its event, at the time when that happened', () => {
  expect(auditProjection.rowOf(recorded('ScheduleFailed', failed, 'scheduler'))).toEqual({
    key: keyOf(failed.failed_at),
    version: 3,
    document: { cron_id: 'cron-1', type: 'ScheduleFailed', actor: 'scheduler', routine: false },
  });
});

it.each([
  ['of a type that this version does not know', recorded('CronJobPainted', { colour: 'green' })],
  ['that does not fit its type', recorded('ScheduleFailed', { ...failed, message: 7 })],
])('an event %s has a row, too, at the time when it was recorded', (_, event) => {
  const { key, document } = auditProjection.rowOf(event);
  expect(key).toBe(keyOf(RECORDED_AT));
  expect(document).toMatchObject({ type: event.type, actor: 'anonymous' });
});

it('keys are in the order of time, and those of one millisecond in the order of the log', () => {
  const instants = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.nat(4_000_000_000_000));
  const places = fc.tuple(
    instants,
    fc.nat(1_000).map((place) => String(place).padStart(19, '0')),
  );
  fc.assert(
    fc.property(places, places, ([at, position], [otherAt, otherPosition]) => {
      const isBefore = at < otherAt || (at === otherAt && position < otherPosition);
      expect(auditKey(at, position) < auditKey(otherAt, otherPosition)).toBe(isBefore);
      expect(auditKey(at, '') < auditKey(at, position)).toBe(true);
      expect(auditKey(at, position) < LAST_AUDIT_KEY).toBe(true);
    }),
  );
});

it('times of damaged clocks have keys, too', () => {
  expect(auditKey(-62_135_596_800_000, POSITION) <= auditKey(0, POSITION)).toBe(true);
  expect(auditKey(253_402_300_799_999, POSITION) < LAST_AUDIT_KEY).toBe(true);
});

it('routine is what the service does by itself, and a question says whether it may find some', () => {
  const types = ['RunStarted', 'RunCompleted', 'RunSkipped', 'RunResultRejected', 'CronJobUpdated', 'Other'];
  const actors = ['scheduler', 'worker', 'external-executor', 'anonymous', 'key:nightly-sync'];
  const routine = types.flatMap((type) =>
    actors.filter((actor) => {
      const { document } = auditProjection.rowOf(recorded(type, {}, actor));
      expect(mayBeRoutine([type], actor)).toBe(document.routine);
      return document.routine;
    }),
  );
  expect(routine).toHaveLength(9);
  expect(mayBeRoutine(undefined, undefined)).toBe(true);
  expect(mayBeRoutine(['CronJobDeleted', 'RunStarted'], undefined)).toBe(true);
  expect(mayBeRoutine(['CronJobDeleted', 'CronJobUpdated'], undefined)).toBe(false);
  expect(mayBeRoutine(undefined, 'key:nightly-sync')).toBe(false);
});
