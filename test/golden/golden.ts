import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { evolve, type CronJob } from '../../src/job/cron-job.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { jobStream } from '../../src/events/stream-names.js';
import { reminderEvents } from '../../src/events/reminder-events.js';
import { isJobEvent, parseEvent, type DomainEvent } from '../../src/events/parse-event.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { modelNames, type ModelName } from '../../src/ports/read-models.js';
import { projectionGroups, type GroupName } from '../../src/projections/groups.js';
import { project } from '../../src/projections/project.js';

/** A stream as it stands in users' logs. Its events are never written anew, so old versions of them stay readable. */
export interface GoldenStream {
  fold_version: number;
  events: GoldenEvent[];
  /** The job after each of the events; null before there is one, and in a stream that is not a job's. */
  states: (CronJob | null)[];
}

export interface GoldenEvent {
  type: string;
  data: unknown;
  /** 1 where it is left out. */
  schema_version?: number;
}

/** The rows that all golden streams are projected to. */
export interface GoldenRows {
  projection_versions: Record<GroupName, number>;
  rows: Record<ModelName, unknown[]>;
}

export const FOLDER = 'test/golden';
export const ROWS_FILE = `${FOLDER}/golden-rows.json`;

/** By file. */
export function readGoldenStreams(): Map<string, GoldenStream> {
  const names = readdirSync(FOLDER).filter((name) => /^golden-stream.*\.json$/.test(name));
  return new Map(
    names.sort().map((name) => [`${FOLDER}/${name}`, readJson(`${FOLDER}/${name}`) as GoldenStream]),
  );
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function parseGolden({ type, data, schema_version = 1 }: GoldenEvent): DomainEvent | undefined {
  return parseEvent({ type, data, metadata: { schema_version } });
}

/** The states that a stream folds to today. */
export function foldGolden({ events }: GoldenStream): (CronJob | null)[] {
  let job: CronJob | undefined;
  return events.map((golden, index) => {
    const event = parseGolden(golden);
    if (event !== undefined && isJobEvent(event)) job = evolve(job, event, index + 1);
    return job ?? null;
  });
}

/** What the streams are projected to today. */
export async function projectGolden(streams: Map<string, GoldenStream>): Promise<GoldenRows> {
  const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const groups = Object.values(projectionGroups({ allowSeconds: false }));
  for (const [file, stream] of streams)
    for (const group of groups.filter(({ name }) => (name === 'reminders') === isOfReminders(stream)))
      await store.write(
        (await project({ store, clock: systemClock }, group, recordedGolden(file, stream))) ?? [],
      );
  const rows: Partial<Record<ModelName, unknown[]>> = {};
  for (const model of modelNames) {
    const found: { key: string }[] = [];
    for await (const page of store.readAll(model)) found.push(...page);
    rows[model] = found.sort((one, other) => (one.key < other.key ? -1 : 1));
  }
  await store.close();
  const versions = groups.map(({ name, version }) => [name, version]);
  return {
    projection_versions: Object.fromEntries(versions) as GoldenRows['projection_versions'],
    rows: rows as GoldenRows['rows'],
  };
}

/** Its events, as a log would have them. @param file names the stream */
export function recordedGolden(file: string, golden: GoldenStream): RecordedEvent[] {
  const name = basename(file, '.json');
  const stream = isOfReminders(golden) ? name : jobStream(name);
  return golden.events.map(({ type, data, schema_version = 1 }, index) => ({
    id: `${name} ${index}`,
    type,
    data: data as Record<string, unknown>,
    metadata: { actor: 'golden', correlation_id: 'golden', causation_id: null, schema_version },
    stream,
    version: index + 1,
    position: `${name} ${String(index + 1).padStart(2, '0')}`,
    recorded_at: '2026-03-26T10:00:00.000Z',
  }));
}

/** What the service tells by the prefix of a stream. */
function isOfReminders({ events: [first] }: GoldenStream): boolean {
  return first !== undefined && Object.hasOwn(reminderEvents, first.type);
}
