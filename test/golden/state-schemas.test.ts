import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { jobStateSchema, type JobState } from '../../src/answers/job-state.js';
import { exampleEvent } from '../../src/documents/example-events.js';
import { promiseOf } from '../../src/documents/schema-documents.js';
import { JOB_STREAM_PREFIX } from '../../src/events/stream-names.js';
import { createChangedJobs, type ChangedJob } from '../../src/messaging/changed-jobs.js';
import { toStateMessage } from '../../src/messaging/to-messages.js';
import type { EventLog, NewEvent } from '../../src/ports/event-log.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { append } from '../support/sample-events.js';
import { statesOf } from '../unit/messaging/publisher-world.js';
import { readPublished } from './documents.js';
import { readGoldenStreams, recordedGolden } from './golden.js';
import { brokenPromises } from './schema-changes.js';
import { faultsOf, faultsOfMessage } from './schema-faults.js';

const { schema, urn } = jobStateSchema;
const NOTHING = ['null', '""', '[]'];

let log: EventLog;
/** Each job of users' logs, and one with all that a job has today, after each of its events, as it would be published then. */
let changed: ChangedJob[];
let states: JobState[];

beforeAll(async () => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const full = (['CronJobScheduled', 'RunStarted', 'RunCompleted'] as const).map(exampleEvent);
  const streams = [...readGoldenStreams()].map(([file, golden]) => recordedGolden(file, golden));
  for (const events of [...streams, full]) {
    const [{ stream } = { stream: '' }] = events;
    if (stream.startsWith(JOB_STREAM_PREFIX)) await append(log, stream, 0, events.map(asNew));
  }
  const logger = createCollectingLogger();
  changed = await createChangedJobs({ states: statesOf(log), logger }).statesAfter(await readWholeLog(log));
  states = changed.flatMap(({ state }) => (state === null ? [] : [state]));
  expect(logger.lines).toEqual([]);
});
afterAll(() => log.close());

describe('each state of a job that is published', () => {
  it('names the schema that its value fits, and has nothing that this schema does not describe', () => {
    for (const { event, state } of changed)
      for (const form of ['whole', 'cut', 'bare'] as const)
        expect(faultsOfMessage(toStateMessage(event, state, { batchAfter: '', form }))).toEqual([]);
    for (const state of states) expect(schema.parse(state)).toEqual(state);
  });

  it('is of every kind here', () => {
    const kinds = (field: keyof JobState): Set<unknown> => new Set(states.map((state) => state[field]));
    expect(kinds('status')).toEqual(new Set(['active', 'disabled', 'schedule_error']));
    expect(kinds('last_run_status')).toEqual(new Set(['failed', 'running', 'success', null]));
    for (const field of Object.keys(schema.shape) as (keyof JobState)[]) {
      const isThere = states.some((state) => !NOTHING.includes(JSON.stringify(state[field])));
      expect({ field, isThere }).toEqual({ field, isThere: true });
    }
    expect(changed.length).toBeGreaterThan(states.length);
  });
});

describe('the schema of a state', () => {
  it('refuses one that lacks a field, or whose field is of another kind', () => {
    const [state] = states;
    for (const field of Object.keys(schema.shape)) {
      const others = Object.fromEntries(Object.entries(state ?? {}).filter(([name]) => name !== field));
      expect(faultsOf(urn, others)).toEqual([expect.stringContaining(field)]);
      expect(faultsOf(urn, { ...state, [field]: [{}] })).not.toEqual([]);
    }
  });

  it('takes new fields, also within a field', () => {
    const grown = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(grown);
      if (typeof value !== 'object' || value === null) return value;
      // The reasons are counts by their names.
      if ('not_due' in value) return value;
      return {
        ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, grown(one)])),
        later: 1,
      };
    };
    for (const state of states) expect(faultsOf(urn, grown(state))).toEqual([]);
    expect(grown(states.find(({ select }) => select !== null))).toMatchObject({ select: { later: 1 } });
  });

  it('is held to what was published: a field more is another version', () => {
    const name = `${jobStateSchema.type}.${jobStateSchema.version}`;
    const published = readPublished();
    const brokenBy = (after: z.ZodObject): string[] => {
      const file = published.schemas.get(name) as object;
      const changed = { ...file, ...promiseOf({ ...jobStateSchema, schema: after }, 'draft-2020-12') };
      return brokenPromises(new Map([...published.schemas, [name, changed]]), published);
    };
    expect(brokenBy(schema)).toEqual([]);
    expect(brokenBy(schema.extend({ name: z.string().describe('another text') }))).toEqual([]);
    expect(brokenBy(schema.extend({ later: z.string().optional() }))).toEqual([
      expect.stringContaining('properties.later was nothing'),
    ]);
  });
});

function asNew({ id, type, data, metadata }: NewEvent): NewEvent {
  return { id, type, data, metadata };
}
