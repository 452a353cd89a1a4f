import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { verifyLog, type Finding } from '../../../src/ledger/verify-log.js';

const RUN = 'run-0010000000001';
const at = (minute: number): string => `2026-03-26T10:${String(minute).padStart(2, '0')}:00.000Z`;

interface Made {
  stream: string;
  type: string;
  data: Record<string, unknown>;
  actor: string;
}

const ofJob = (type: string, data: object, actor = 'worker'): Made => ({
  stream: 'cronJob-cron-001',
  type,
  data: { cron_id: 'cron-001', ...data },
  actor,
});

const created = ofJob('CronJobScheduled', {
  name: 'nightly',
  description: null,
  cron_expression: '0 2 * * *',
  time_zone: 'UTC',
  enabled: true,
  misfire_grace_seconds: 60,
  catchup_policy: 'latest',
  catchup_window_seconds: 86_400,
  concurrency_policy: 'allow',
  timeout_seconds: 600,
  created_at: at(0),
});

const started = (run_no = 1, dry_run = false): Made =>
  ofJob('RunStarted', {
    run_id: `run-001${String(run_no).padStart(10, '0')}`,
    run_no,
    trigger: 'manual',
    slot: null,
    after: null,
    started_at: at(1),
    late_by_ms: null,
    dry_run,
    timeout_seconds: 600,
  });

function completed(reminders_sent: number | null, { run_id = RUN, actor = 'worker' } = {}): Made {
  const isSuccess = reminders_sent !== null;
  return ofJob(
    'RunCompleted',
    {
      run_id,
      status: isSuccess ? 'success' : 'failed',
      result: isSuccess ? { mentors_checked: 9, reminders_sent, errors: 0 } : null,
      error: isSuccess ? null : { code: 'timed_out', message: 'no result came' },
      completed_at: at(3),
    },
    actor,
  );
}

/** One for a certification of its own. */
function reminder(certification_id: string, run_id = RUN, cron_id = 'cron-001'): Made {
  return {
    stream: `certificationReminder-${certification_id}`,
    type: 'ReminderRequested',
    data: {
      cron_id,
      run_id,
      mentor_id: 'm',
      certification_id,
      expires_at: '2026-04-26',
      threshold_days: 30,
      days_left: 30,
      requested_at: at(2),
    },
    actor: 'worker',
  };
}

async function verify(...events: readonly Made[]) {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const versions = new Map<string, number>();
  for (const { stream, type, data, actor } of events) {
    const expectedVersion = versions.get(stream) ?? 0;
    versions.set(stream, expectedVersion + 1);
    const metadata = { actor, correlation_id: 't', causation_id: null, schema_version: 1 };
    await log.append([{ stream, expectedVersion, events: [{ id: systemIds.uuid(), type, data, metadata }] }]);
  }
  const findings: Finding[] = [];
  const verification = await verifyLog(log, {
    today: { slot_engine_version: 1, tzdata_version: '2025c' },
    now: Date.parse(at(5)),
    onFinding: (finding) => findings.push(finding),
    onProgress: () => undefined,
  });
  await log.close();
  return { ...verification, texts: findings.map(({ kind, text }) => `${kind}: ${text}`) };
}

describe('the reminders that a run counts', () => {
  it('are in the log', async () => {
    const sound = await verify(created, started(), reminder('a'), reminder('b'), completed(2));
    expect(sound).toMatchObject({ texts: [], proved: true, reminders: 2, uncounted: 0 });
  });

  it.each([
    ['all', [], 0],
    ['some', [reminder('a')], 1],
  ])('are found missing when %s have been deleted', async (_, left, count) => {
    const { texts, proved } = await verify(created, started(), ...left, completed(3));
    expect(texts).toEqual([`broken: ${RUN} counts 3 reminders, the log holds ${count} of it`]);
    expect(proved).toBe(false);
  });

  it('are in the log before the run ends', async () => {
    const { texts } = await verify(created, started(), completed(1), reminder('a'));
    expect(texts).toEqual([`broken: ${RUN} counts 1 reminders, the log holds 0 of it`]);
  });

  it('may be fewer than those of the run: an attempt before, or a second worker, has read another record', async () => {
    const more = await verify(created, started(), reminder('a'), reminder('b'), completed(1), reminder('c'));
    expect(more).toMatchObject({ texts: [], proved: true, reminders: 3, uncounted: 2 });
  });

  it('are not expected of a run that another service performs, of a dry run, nor of one that failed', async () => {
    const dry = 'run-0010000000002';
    const others = await verify(
      created,
      started(),
      started(2, true),
      started(3),
      completed(5, { actor: 'external-executor' }),
      completed(4, { run_id: dry }),
      reminder('a', 'run-0010000000003'),
      completed(null, { run_id: 'run-0010000000003' }),
    );
    expect(others).toMatchObject({ texts: [], uncounted: 1 });
  });
});

describe('a reminder', () => {
  const dry = 'run-0010000000001';

  it.each([
    ['a run that is not there', RUN, 'cron-001', [created]],
    ['a run that starts later', 'run-0010000000002', 'cron-001', [created, started()]],
    ['a job that is not there', 'run-0020000000001', 'cron-002', [created, started()]],
    ['the run of another job', RUN, 'cron-002', [created, started()]],
  ])('is found when it names %s', async (_, run_id, cron_id, before) => {
    const { texts } = await verify(...before, reminder('a', run_id, cron_id));
    expect(texts).toEqual([`broken: a reminder of ${run_id}, which ${cron_id} has not started before`]);
  });

  it.each([
    ['is open', []],
    ['has ended', [completed(1, { run_id: dry })]],
  ])('is found when it names a dry run that %s', async (_, end) => {
    const { texts } = await verify(created, started(1, true), ...end, reminder('a', dry));
    expect(texts).toEqual([`broken: a reminder of the dry run ${dry}`]);
  });
});
