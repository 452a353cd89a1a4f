/* eslint-disable no-console -- a tool for a terminal */
import { existsSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { format } from 'prettier';
import { acceptRequest } from '../../src/job/accept-request.js';
import { decide } from '../../src/job/decide.js';
import type { JobCommand } from '../../src/job/job-command.js';
import { evolve, FOLD_VERSION, type CronJob } from '../../src/job/cron-job.js';
import { jobEvents, NO_REASONS, type RunResult } from '../../src/events/job-events.js';
import {
  schemaVersionOf,
  type DomainEvent,
  type EventType,
  type JobEvent,
} from '../../src/events/parse-event.js';
import { reminderEvents } from '../../src/events/reminder-events.js';
import { projectionGroups, type GroupName } from '../../src/projections/groups.js';
import { modelsOf } from '../../src/projections/projection.js';
import {
  FOLDER,
  foldGolden,
  projectGolden,
  readGoldenStreams,
  readJson,
  ROWS_FILE,
  type GoldenRows,
  type GoldenStream,
} from './golden.js';

// `npx tsx test/golden/write-golden.ts`, after FOLD_VERSION or the version of a projection group was raised, or an event
// has got a new version. States and rows are written anew. Events never are, because such events are in users' logs:
// where today's versions of a kind are not all among them, a further stream of that kind is added.

const streams = readGoldenStreams();
for (const [kind, types, scenario] of [
  ['job', Object.keys(jobEvents), jobScenario],
  ['reminder', Object.keys(reminderEvents), reminderScenario],
] as const) {
  const there = new Set(
    [...streams.values()].flatMap(({ events }) =>
      events.map(({ type, schema_version = 1 }) => `${type} ${schema_version}`),
    ),
  );
  if (types.every((type) => there.has(`${type} ${schemaVersionOf(type as EventType)}`))) continue;
  const number =
    [...streams.keys()].filter((file) => file.includes(`-${kind}-`)).length + (kind === 'job' ? 2 : 1);
  streams.set(`${FOLDER}/golden-stream-${kind}-${number}.json`, recorded(scenario(`cron-golden${number}`)));
}
// What was stored by the versions of today must not be read by another fold or projection of the same version.
for (const [file, { fold_version, states, ...stream }] of streams) {
  const folded = foldGolden({ fold_version, states, ...stream });
  if (existsSync(file) && fold_version === FOLD_VERSION && !isDeepStrictEqual(folded, states))
    throw new Error(`${file} folds to other states: raise FOLD_VERSION first`);
}
const rows = await projectGolden(streams);
const before = readJson(ROWS_FILE) as GoldenRows;
for (const group of Object.values(projectionGroups({ allowSeconds: false })))
  for (const model of modelsOf(group))
    if (
      before.projection_versions[group.name as GroupName] === group.version &&
      !holdsAll(rows.rows[model], before.rows[model])
    )
      throw new Error(
        `${ROWS_FILE} has other rows of ${model}: raise the version of the group ${group.name} first`,
      );

for (const [file, stream] of streams)
  await write(file, { fold_version: FOLD_VERSION, events: stream.events, states: foldGolden(stream) });
await write(ROWS_FILE, rows);

/** A further stream adds rows; those of the others stay as they are. */
function holdsAll(rows: readonly unknown[], earlier: readonly unknown[] | undefined): boolean {
  return earlier?.every((row) => rows.some((other) => isDeepStrictEqual(other, row))) ?? false;
}

async function write(file: string, content: object): Promise<void> {
  if (existsSync(file) && isDeepStrictEqual(readJson(file), content)) return;
  writeFileSync(file, await format(JSON.stringify(content), { filepath: file }));
  console.log(file);
}

function recorded(events: readonly DomainEvent[]): GoldenStream {
  const stored = events.map((event) => ({ ...event, schema_version: schemaVersionOf(event.type) }));
  return { fold_version: FOLD_VERSION, events: stored, states: [] };
}

/** One event of each type at least. */
function jobScenario(cronId: string): JobEvent[] {
  const events: JobEvent[] = [];
  let job: CronJob | undefined;
  const take = (event: JobEvent): void => {
    events.push(event);
    job = evolve(job, event, events.length);
  };
  const step = (now: string, command: JobCommand): void => {
    const options = { cronId, allowSeconds: false, thresholds: [30, 14, 7, 1, 0] };
    decide(job, command, { ...options, version: events.length, now: Date.parse(now) }).forEach(take);
  };
  const reasons = Object.fromEntries(
    NO_REASONS.map((reason, index) => [reason, index]),
  ) as RunResult['reasons'];
  const result: RunResult = {
    mentors_checked: 124,
    reminders_sent: 3,
    errors: 1,
    records_checked: 165,
    reasons,
    warnings: [{ code: 'records_unreadable', unreadable: 3, records: 165 }],
  };
  const tooMany = { code: 'too_many_reminders', message: '9 are due', reminders: 9, limit: 7 };
  const runId = (no: number): string => `run-${cronId.slice('cron-'.length)}${String(no).padStart(10, '0')}`;

  step('2026-03-01T10:00:00Z', {
    type: 'ScheduleCronJob',
    config: {
      name: 'golden',
      cron_expression: '0 * * * *',
      time_zone: 'Europe/Berlin',
      timeout_seconds: 1800,
    },
  });
  step('2026-03-01T11:00:00.004Z', { type: 'Tick' });
  step('2026-03-01T11:00:02Z', { type: 'CompleteRun', run_id: runId(1), status: 'success', result });
  step('2026-03-02T15:20:00Z', { type: 'Tick' });
  step('2026-03-02T16:00:00Z', { type: 'Tick' });
  step('2026-03-02T16:10:00Z', { type: 'CompleteRun', run_id: runId(2), status: 'success', result });
  step('2026-03-02T16:20:00Z', { type: 'TriggerRun', dry_run: true });
  step('2026-03-02T16:20:01Z', {
    type: 'CompleteRun',
    run_id: runId(4),
    status: 'failed',
    error: { code: 'check_failed', message: 'broken' },
  });
  step('2026-03-02T16:21:00Z', { type: 'TriggerRun', dry_run: true });
  step('2026-03-02T16:21:01Z', {
    type: 'CompleteRun',
    run_id: runId(5),
    status: 'failed',
    error: { code: 'DIRECTORY_DOWN', message: 'the own code of an executor' },
  });
  step('2026-03-02T16:30:00Z', {
    type: 'UpdateCronJob',
    changes: { cron_expression: '0 2 * * *', description: 'nightly' },
    reason: 'too often',
  });
  step('2026-03-02T16:31:00Z', { type: 'UpdateCronJob', changes: { enabled: false }, reason: null });
  step('2026-03-03T16:31:00Z', { type: 'UpdateCronJob', changes: { enabled: true }, reason: null });
  step('2026-03-03T17:02:00Z', {
    type: 'UpdateCronJob',
    changes: {
      reminder_thresholds: [60, 7, -3],
      select: { types: ['first-aid'], labels: null },
      max_reminders: 5,
    },
    reason: 'after the expiry, too',
  });
  step('2026-03-03T17:03:00Z', { type: 'TriggerRun', dry_run: false, confirm_reminders: 7 });
  step('2026-03-03T17:03:01Z', { type: 'CompleteRun', run_id: runId(6), status: 'failed', error: tooMany });
  step('2026-03-03T17:04:00Z', { type: 'TriggerRun', dry_run: false });
  step('2026-03-03T17:04:01Z', { type: 'CancelRun', run_id: runId(7), reason: 'a wrong import' });
  step('2026-03-03T17:04:02Z', { type: 'CompleteRun', run_id: runId(7), status: 'success', result });
  // A clock that runs ahead for a while.
  step('2026-03-05T01:00:00Z', { type: 'Tick' });
  step('2026-03-05T01:00:01Z', { type: 'CompleteRun', run_id: runId(8), status: 'success', result });
  step('2026-03-04T00:30:00Z', { type: 'ResetWatermark', reason: 'a clock ran ahead' });
  step('2026-03-04T01:00:00Z', { type: 'Tick' });
  // No command leads here with the zones of today: it takes one that has been dropped.
  take({
    type: 'ScheduleFailed',
    data: {
      cron_id: cronId,
      message: 'time_zone: unknown time zone',
      failed_at: '2026-03-04T01:00:08.000Z',
    },
  });
  step('2026-03-04T01:00:09Z', { type: 'DeleteCronJob', reason: 'done' });
  if (job !== undefined) {
    const restore = { type: 'RestoreCronJob', deleted: job, version: events.length } as const;
    step('2026-03-06T03:00:00Z', { ...restore, reason: 'deleted by mistake' });
  }
  step('2026-03-06T03:01:00Z', {
    type: 'UpdateCronJob',
    changes: { cron_expression: '0 * * * *', description: null },
    reason: 'as it was first',
    reverted_to: 1,
  });
  step('2026-03-06T04:00:00Z', { type: 'Tick' });
  const told = 'a mentor has asked';
  step('2026-03-06T04:00:01Z', { type: 'UpdateCronJob', changes: { labels: ['team-a'] }, reason: null });
  step('2026-03-06T04:00:02Z', { type: 'TriggerRun', dry_run: true, reason: told });
  if (job !== undefined)
    take(
      acceptRequest(
        job,
        { key_hash: 'of-a-sender-and-its-key', request_hash: 'of-a-request' },
        { actor: '', events: 1, now: Date.parse('2026-03-06T04:00:02Z') },
      ),
    );
  return events;
}

function reminderScenario(cronId: string): DomainEvent[] {
  return [30, 14].map((threshold_days) => ({
    type: 'ReminderRequested',
    data: {
      cron_id: cronId,
      run_id: `run-${threshold_days}`,
      mentor_id: 'mentor-1',
      certification_id: 'cert-1',
      type: 'first-aid',
      expires_at: '2026-04-26',
      threshold_days,
      days_left: threshold_days,
      requested_at: '2026-03-27T02:00:01.000Z',
    },
  }));
}
