import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { Database } from '../../src/adapters/sqlite/driver.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { tzdataVersion } from '../../src/adapters/system/tzdata-version.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { isJobEvent, parseEvent } from '../../src/events/parse-event.js';
import { jobStream, runIdOf } from '../../src/events/stream-names.js';
import type { AppendedEvent } from '../../src/ports/event-log.js';
import type { JobDocument, ReadModels, RunDocument } from '../../src/ports/read-models.js';
import type { Change, Row } from '../../src/ports/read-store.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { jobsProjection } from '../../src/projections/jobs.js';
import { slotVersionsWith } from '../../src/schedule/slot-versions.js';
import { FOLD_VERSION } from '../../src/job/cron-job.js';

/** A store as after years of use: many jobs, and one job that has run every minute. */
export interface LargeStore {
  folder: string;
  jobs: number;
  /** The job with the long history; disabled, so that it stays as it is. */
  longJob: string;
  /** Runs of it, the newest of which has this run_no. */
  runs: number;
  /** Epoch milliseconds: its slots are the whole minutes from here on. */
  firstSlot: number;
}

export interface StoreSize {
  jobs: number;
  /** Of the long job: two for each run. */
  events: number;
}

const OPTIONS = { allowSeconds: false };
const AT_ONCE = 2_000;
const RUN_ROWS = 2_000;
const MINUTE_MS = 60_000;
const METADATA = {
  actor: 'scheduler',
  correlation_id: 'large-store',
  causation_id: null,
  schema_version: 1,
  ...slotVersionsWith(tzdataVersion),
};

const { clock, ids } = { clock: systemClock, ids: systemIds };

/** Writes log.db and read.db into an empty folder; about 50 µs a job, and 10 µs an event. */
export async function makeLargeStore(folder: string, { jobs, events }: StoreSize): Promise<LargeStore> {
  const runs = Math.floor(events / 2);
  const now = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  const firstSlot = now - (runs + 1) * MINUTE_MS;
  const longJob = cronIdAt(jobs - 1);
  const scheduled = Array.from({ length: jobs }, (_, index) => ({
    ...toAppended(cronIdAt(index), 1, 'CronJobScheduled', {
      cron_id: cronIdAt(index),
      ...configOf(index, index === jobs - 1),
      created_at: at((index === jobs - 1 ? firstSlot : now) - MINUTE_MS + (index % 50_000)),
    }),
  }));
  await writeLog(folder, scheduled);
  const disabled = toAppended(longJob, 2 + 2 * runs, 'CronJobUpdated', {
    cron_id: longJob,
    changes: { enabled: false },
    reason: null,
    updated_at: at(now),
  });
  const last = writeHistory(folder, { cronId: longJob, runs, firstSlot, disabled });
  await writeRows(folder, { scheduled, disabled, runs, last });
  return { folder, jobs, longJob, runs, firstSlot };
}

export function cronIdAt(index: number): string {
  return `cron-${String(index).padStart(32, '0')}`;
}

function at(instant: number): string {
  return new Date(instant).toISOString();
}

/** Nothing is due for months: what the requests do is all that happens. */
function configOf(index: number, isLong: boolean) {
  const month = ((new Date(clock.now()).getUTCMonth() + 6) % 12) + 1;
  const cron_expression = isLong ? '* * * * *' : `${index % 60} ${index % 24} ${1 + (index % 28)} ${month} *`;
  return { ...defaultJobConfig, name: `job ${index}`, cron_expression };
}

function toAppended(
  cronId: string,
  version: number,
  type: string,
  data: Record<string, unknown>,
): AppendedEvent {
  return { id: ids.uuid(), stream: jobStream(cronId), version, type, data, metadata: METADATA };
}

async function writeLog(folder: string, scheduled: readonly AppendedEvent[]): Promise<void> {
  const log = openSqliteEventLog({ clock, ids, path: join(folder, 'log.db') });
  for (let from = 0; from < scheduled.length; from += AT_ONCE) {
    const writes = scheduled.slice(from, from + AT_ONCE);
    await log.append(writes.map((event) => ({ stream: event.stream, expectedVersion: 0, events: [event] })));
  }
  await log.close();
}

/** By one statement: a million events by the adapter would take a minute. @returns position and id of the last event */
function writeHistory(
  folder: string,
  {
    cronId,
    runs,
    firstSlot,
    disabled,
  }: { cronId: string; runs: number; firstSlot: number; disabled: AppendedEvent },
): { position: string; id: string } {
  const db = new Database(join(folder, 'log.db'));
  db.pragma('synchronous = OFF');
  db.function('crc', { deterministic: true }, (text) => crc32(String(text)));
  const stream = jobStream(cronId);
  const time = (offset: string): string =>
    `strftime('%Y-%m-%dT%H:%M:%S.000Z', @first_s + 60 * (n - 1) + ${offset}, 'unixepoch')`;
  const runId = `@run_prefix || printf('%010d', n)`;
  const started = `printf('{"cron_id":"%s","run_id":"%s","run_no":%d,"trigger":"schedule","slot":"%s","after":"%s","started_at":"%s","late_by_ms":0,"dry_run":false,"timeout_seconds":3600}', @cron_id, ${runId}, n, ${time('0')}, ${time('-60')}, ${time('0')})`;
  const completed = `printf('{"cron_id":"%s","run_id":"%s","status":"success","result":{"mentors_checked":1,"reminders_sent":0,"errors":0},"error":null,"completed_at":"%s"}', @cron_id, ${runId}, ${time('1')})`;
  const insert = (type: string, version: string, data: string): string => `
    INSERT INTO events (position, stream, version, id, type, data, metadata, recorded_at, checksum)
    SELECT @head + ${version}, @stream, 1 + ${version}, id, '${type}', data, @metadata, @recorded_at,
      crc(@stream || char(10) || (1 + ${version}) || char(10) || id || char(10) || '${type}' || char(10) || data || char(10) || @metadata || char(10) || @recorded_at)
    FROM (
      WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < @runs)
      SELECT n, '${type}-' || n AS id, ${data} AS data FROM numbers
    )`;
  const values = {
    head: db.prepare('SELECT max(position) FROM events').pluck().get() as number,
    first_s: firstSlot / 1_000,
    run_prefix: runIdOf(cronId, 0).slice(0, -10),
    cron_id: cronId,
    stream,
    metadata: JSON.stringify(METADATA),
    recorded_at: at(firstSlot),
    runs,
  };
  db.transaction(() => {
    db.prepare(insert('RunStarted', '(2 * n - 1)', started)).run(values);
    db.prepare(insert('RunCompleted', '(2 * n)', completed)).run(values);
    const data = JSON.stringify(disabled.data);
    const { version, id, type } = disabled;
    const { metadata, recorded_at, head } = values;
    const checksum = crc32([stream, version, id, type, data, metadata, recorded_at].join('\n'));
    db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...[head + version - 1, stream, version, id, type, data, metadata, recorded_at, checksum],
    );
  })();
  db.close();
  return { position: String(values.head + disabled.version - 1).padStart(19, '0'), id: disabled.id };
}

async function writeRows(
  folder: string,
  {
    scheduled,
    disabled,
    runs,
    last,
  }: {
    scheduled: readonly AppendedEvent[];
    disabled: AppendedEvent;
    runs: number;
    last: { position: string; id: string };
  },
): Promise<void> {
  const store = openSqliteReadStore({ clock, ids, path: join(folder, 'read.db') });
  const projection = jobsProjection(OPTIONS);
  const toDocument = (before: JobDocument | undefined, event: AppendedEvent): JobDocument => {
    const parsed = parseEvent(event);
    const document = parsed && isJobEvent(parsed) ? projection.evolve(before, parsed, event) : undefined;
    if (document === undefined) throw new Error(`${event.type} makes no row`);
    return document;
  };
  const rows = scheduled.map((event): Row<JobDocument> => {
    const document = toDocument(undefined, event);
    return { key: document.cron_id, version: event.version, document };
  });
  const long = rows.at(-1);
  if (long === undefined) throw new Error('a large store has at least one job');
  const ran = { ...(long.document.state.job as object), last_run_no: runs, watermark: lastSlotOf(disabled) };
  const before = { ...long.document, state: { fold_version: FOLD_VERSION, version: 1, job: ran } };
  rows[rows.length - 1] = {
    key: long.key,
    version: disabled.version,
    document: toDocument(before, disabled),
  };
  const changes: Change[] = [
    { model: 'snapshots', rows: [await newestSnapshot(folder, { long: long.document, disabled })] },
    { model: 'jobs', rows },
    { model: 'runs', rows: oldestAndNewest(runs).map((runNo) => runRow(long.key, runNo)) },
  ];
  const groups = projectionGroups(OPTIONS);
  for (const { name, version } of Object.values(groups)) {
    const event = name === 'reminders' ? null : last;
    const checkpoint = {
      position: last.position,
      event,
      projection_version: version,
      projector: 'large-store',
    };
    await store.claim({ name, checkpoint, instead: undefined, emptied: [] });
  }
  for (const { model, rows: all } of changes)
    for (let from = 0; from < all.length; from += AT_ONCE)
      await store.write([{ model, rows: all.slice(from, from + AT_ONCE) } as Change]);
  await store.close();
}

/** The one at the last hundred, which is all that the newest pages need. */
async function newestSnapshot(
  folder: string,
  { long, disabled }: { long: JobDocument; disabled: AppendedEvent },
): Promise<Row<ReadModels['snapshots']>> {
  const log = openSqliteEventLog({ clock, ids, path: join(folder, 'log.db') });
  const from = disabled.version - 1 - ((disabled.version - 1) % 100);
  const [recorded] = await log.readStream(disabled.stream, { direction: 'forwards', from, limit: 1 });
  await log.close();
  const event = recorded && parseEvent(recorded);
  if (recorded === undefined || event?.type !== 'RunStarted') throw new Error('runs start at even versions');
  const { run_no, after } = event.data;
  const ran = {
    ...(long.state.job as object),
    last_run_no: run_no - 1,
    watermark: Date.parse(after ?? ''),
  };
  const before = { ...long, state: { fold_version: FOLD_VERSION, version: 1, job: ran } };
  const projection = jobsProjection(OPTIONS);
  const document = projection.evolve(before, event, recorded);
  const row = document && projection.beside?.rowOf(document, event, recorded);
  if (row === undefined) throw new Error(`there is no snapshot at version ${from}`);
  return row;
}

/** The rows in between would cost as much as everything else, and nothing asks for them. */
function oldestAndNewest(runs: number): number[] {
  const all = Array.from({ length: runs }, (_, index) => index + 1);
  return all.filter((runNo) => runNo <= RUN_ROWS || runNo > runs - RUN_ROWS);
}

function lastSlotOf({ data }: AppendedEvent): number {
  return Date.parse(String(data.updated_at)) - 2 * MINUTE_MS;
}

function runRow(cronId: string, runNo: number): Row<RunDocument> {
  const run_id = runIdOf(cronId, runNo);
  const document: RunDocument = {
    run_id,
    cron_id: cronId,
    run_no: runNo,
    trigger: 'schedule',
    slot: at(runNo * MINUTE_MS),
    dry_run: false,
    rules: null,
    reason: null,
    started_at: at(runNo * MINUTE_MS),
    late_by_ms: 0,
    completed_at: at(runNo * MINUTE_MS + 1_000),
    status: 'success',
    result: {
      mentors_checked: 1,
      reminders_sent: 0,
      errors: 0,
      records_checked: null,
      reasons: null,
      warnings: [],
    },
    error: null,
    late_result_at: null,
  };
  return { key: run_id, version: 2 * runNo + 1, document };
}
