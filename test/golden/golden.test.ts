import { describe, expect, it } from '@jest/globals';
import { FOLD_VERSION } from '../../src/job/cron-job.js';
import { jobEvents } from '../../src/events/job-events.js';
import { schemaVersionOf, type EventType } from '../../src/events/parse-event.js';
import { reminderEvents } from '../../src/events/reminder-events.js';
import { modelNames } from '../../src/ports/read-models.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { modelsOf } from '../../src/projections/projection.js';
import {
  foldGolden,
  parseGolden,
  projectGolden,
  readGoldenStreams,
  readJson,
  ROWS_FILE,
  type GoldenRows,
} from './golden.js';

const ANEW = 'write it anew: npx tsx test/golden/write-golden.ts';

describe('the golden streams', () => {
  const streams = readGoldenStreams();
  const events = [...streams.values()].flatMap((stream) => stream.events);

  it("are still read: today's versions as they were written, older ones as something of today", () => {
    for (const golden of events) {
      const { type, data, schema_version = 1 } = golden;
      const event = parseGolden(golden);
      if (schema_version === schemaVersionOf(type as EventType)) expect(event).toEqual({ type, data });
      else expect(event).toMatchObject({ type });
    }
  });

  it.each(Object.keys({ ...jobEvents, ...reminderEvents }) as EventType[])(
    'hold each event in its version of today: %s',
    (type) => {
      const versions = events
        .filter((event) => event.type === type)
        .map((event) => event.schema_version ?? 1);
      if (!versions.includes(schemaVersionOf(type))) throw new Error(`there is none of ${type}; ${ANEW}`);
    },
  );

  it.each([...streams])('fold as they did, or FOLD_VERSION was raised: %s', (file, stream) => {
    // Stored states of another fold must not be used.
    if (FOLD_VERSION !== stream.fold_version) throw new Error(`${file} is of another FOLD_VERSION; ${ANEW}`);
    expect(foldGolden(stream)).toEqual(stream.states);
  });

  it('become the rows that they did, or the version of the projection group was raised', async () => {
    const golden = readJson(ROWS_FILE) as GoldenRows;
    const today = await projectGolden(streams);
    for (const group of Object.values(projectionGroups({ allowSeconds: false }))) {
      const { name, version } = group;
      if ((golden.projection_versions as Record<string, number>)[name] !== version)
        throw new Error(`${ROWS_FILE} is of another version of ${name}; ${ANEW}`);
      for (const model of modelsOf(group))
        expect({ model, rows: today.rows[model] }).toEqual({ model, rows: golden.rows[model] });
    }
  });
});

describe('the groups of projections', () => {
  it('project each read model, in one group', () => {
    const groups = Object.values(projectionGroups({ allowSeconds: false }));
    const projected = groups.flatMap(modelsOf);
    expect(projected.sort()).toEqual([...modelNames].sort());
  });
});
