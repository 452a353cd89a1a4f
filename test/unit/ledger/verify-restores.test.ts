import { expect, it } from '@jest/globals';
import { todaysVersion } from '../../../src/events/event-definition.js';
import { jobEvents } from '../../../src/events/job-events.js';
import { changed, created, RUN, startedBy, verify, type Made } from './made-log.js';

const STREAM = created.stream;
const at = (minute: number): string => `2026-03-26T10:${String(minute).padStart(2, '0')}:00.000Z`;
const ofJob = (type: keyof typeof jobEvents, data: object): Made => ({
  stream: STREAM,
  type,
  data: { cron_id: 'cron-001', reason: null, ...data },
  actor: 'anonymous',
  metadata: { schema_version: todaysVersion(jobEvents[type]) },
});

const RULES = { reminder_thresholds: null, select: null, max_reminders: null };
const deleted = ofJob('CronJobDeleted', { deleted_at: at(1) });
const restored = ofJob('CronJobRestored', {
  ...created.data,
  ...RULES,
  labels: [],
  key: null,
  last_run_no: 0,
  records_checked: null,
  was_reset: false,
  restored_at: at(2),
});
const skipped = ofJob('RunSkipped', {
  from: '2026-03-26T10:01:00.000Z',
  to: '2026-03-26T10:01:00.000Z',
  count: 1,
  after: at(1),
  reason: 'missed_window',
  skipped_at: at(1),
});

it('a job that was deleted and restored is proved', async () => {
  const run = changed(startedBy(), { started_at: at(2) });
  const { proved, texts } = await verify(created, deleted, restored, run);
  expect({ proved, texts }).toEqual({ proved: true, texts: [] });
});

it('a request under a key that is carried out after the delete is proved: a cancel, also before a restore', async () => {
  const cancelled = ofJob('RunCompleted', {
    run_id: RUN,
    status: 'failed',
    result: null,
    error: { code: 'cancelled', message: 'a mentor asks' },
    completed_at: at(1),
  });
  const accepted = ofJob('RequestAccepted', {
    key_hash: 'key',
    request_hash: 'request',
    events: 1,
    accepted_at: at(1),
  });
  const { proved, texts } = await verify(
    created,
    changed(startedBy(), { started_at: at(0) }),
    deleted,
    cancelled,
    accepted,
    changed(restored, { last_run_no: 1 }),
  );
  expect({ proved, texts }).toEqual({ proved: true, texts: [] });
});

it.each<[string, Made[], string]>([
  ['of a job that is there', [created, restored], 'broken: the job is restored, but it was not deleted'],
  [
    'with another schedule',
    [created, deleted, changed(restored, { cron_expression: '0 3 * * *' })],
    'broken: the job is restored with another schedule than it was deleted with',
  ],
  [
    'that enables the job',
    [changed(created, { enabled: false }), deleted, restored],
    'broken: the job is restored with other settings than it was deleted with',
  ],
  [
    'with runs that have not been',
    [created, deleted, changed(restored, { last_run_no: 1 })],
    'broken: the job is restored with 1 runs after 0',
  ],
  [
    'that settles a slot of the time between',
    [created, deleted, skipped, restored],
    'broken: a slot was settled while deleted',
  ],
])('a restore %s is found', async (_, events, text) => {
  const { proved, texts } = await verify(...events);
  expect(proved).toBe(false);
  expect(texts).toContain(text);
});

it('a revert to a version that has not been is found', async () => {
  const revert = (reverted_to: number): Made =>
    ofJob('CronJobUpdated', { changes: { name: 'other' }, reverted_to, updated_at: at(1) });
  expect((await verify(created, revert(1))).proved).toBe(true);
  const { texts } = await verify(created, revert(2));
  expect(texts).toEqual(['broken: reverts to version 2, which has not been']);
});
