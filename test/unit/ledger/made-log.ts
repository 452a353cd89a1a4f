import { createHash } from 'node:crypto';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { reminderStream } from '../../../src/expiry-check/reminder-stream.js';
import { todaysVersion } from '../../../src/events/event-definition.js';
import { jobEvents } from '../../../src/events/job-events.js';
import { verifyLog, type Finding } from '../../../src/ledger/verify-log.js';

export const RUN = 'run-0010000000001';
const at = (minute: number): string => `2026-03-26T10:${String(minute).padStart(2, '0')}:00.000Z`;

export interface Made {
  stream: string;
  type: string;
  data: Record<string, unknown>;
  actor: string;
  /** In place of that of a sound event. */
  metadata?: object;
}

const ofJob = (type: string, data: object, actor = 'worker'): Made => ({
  stream: 'cronJob-cron-001',
  type,
  data: { cron_id: 'cron-001', ...data },
  actor,
});

export const created = ofJob('CronJobScheduled', {
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

export const started = (run_no = 1, dry_run = false): Made =>
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

/** The rules of `startedBy`, in UTC on 2026-03-26. */
export const RULES = {
  time_zone: 'UTC',
  reminder_thresholds: [30, 7, 0, -5],
  select: null as { types: string[] | null; labels: string[] | null } | null,
  max_reminders: null as number | null,
  confirm_reminders: null as number | null,
};

/** A run as this version starts it. */
export function startedBy(rules: Partial<typeof RULES> = {}, run_no = 1, metadata: object = {}): Made {
  const { data, ...run } = started(run_no);
  const schema_version = todaysVersion(jobEvents.RunStarted);
  return {
    ...run,
    data: { ...data, rules: { ...RULES, ...rules }, reason: null },
    metadata: { schema_version, ...metadata },
  };
}

export function completed(reminders_sent: number | null, { run_id = RUN, actor = 'worker' } = {}): Made {
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

/** One for a certification of its own, 30 days before 2026-04-25. */
export function reminder(certification_id: string, run_id = RUN, cron_id = 'cron-001'): Made {
  const data = { certification_id, expires_at: '2026-04-25', threshold_days: 30 };
  return {
    stream: reminderStream(certification_id),
    type: 'ReminderRequested',
    data: { cron_id, run_id, mentor_id: 'm', ...data, days_left: 30, requested_at: at(2) },
    actor: 'worker',
  };
}

/** The same with other data, in its stream. */
export function changed(made: Made, data: Record<string, unknown>): Made {
  return { ...made, data: { ...made.data, ...data } };
}

/** The same as earlier versions stored it: in the stream of its certification and expiry. */
export function inStreamOfExpiry(made: Made): Made {
  const { certification_id, expires_at } = made.data;
  return { ...made, stream: streamNamed([certification_id, expires_at]) };
}

/** The same as the first versions stored it: each reminder in a stream of its own. */
export function inStreamOfItsOwn(made: Made): Made {
  const { certification_id, expires_at, threshold_days } = made.data;
  return { ...made, stream: streamNamed([certification_id, expires_at, threshold_days]) };
}

function streamNamed(identity: readonly unknown[]): string {
  const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 40);
  return `certificationReminder-${name}`;
}

export async function verify(...events: readonly Made[]) {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const versions = new Map<string, number>();
  for (const { stream, type, data, actor, metadata: other } of events) {
    const expectedVersion = versions.get(stream) ?? 0;
    versions.set(stream, expectedVersion + 1);
    const metadata = { actor, correlation_id: 't', causation_id: null, schema_version: 1, ...other };
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
