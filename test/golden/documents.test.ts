import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { jsonSchemaOf } from '../../src/documents/json-schema.js';
import { jobEvents } from '../../src/events/job-events.js';
import { apiExamples } from '../../src/service/service-documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { API_PAGE, apiPage } from './api-page.js';
import { apiPromises } from './api-promises.js';
import { tellStory, withoutChance } from './api-story.js';
import { documentsInRepository, documentsOfToday, promises, readPublished, schemasOf } from './documents.js';
import { brokenPromises, changesOf, hashOf } from './schema-changes.js';

const ANEW = 'write them anew: npm run schemas';

describe('the documents in the repository', () => {
  const today = documentsOfToday();
  const there = documentsInRepository();

  it('are those that the code makes', () => {
    const stale = [...today].filter(([file, content]) => !isDeepStrictEqual(there.get(file), content));
    if (stale.length > 0) throw new Error(`${stale.map(([file]) => file).join(', ')}: ${ANEW}`);
    expect([...there.keys()].sort()).toEqual([...today.keys()].sort());
  });

  it('have examples that are what the service answers today', async () => {
    expect(withoutChance(await tellStory(temporaryFolder()))).toEqual(withoutChance(apiExamples));
  });

  it('have a page for people that says the same', async () => {
    const style = await resolveConfig(API_PAGE);
    const made = await format(apiPage(), { ...style, filepath: API_PAGE });
    if (readFileSync(API_PAGE, 'utf8') !== made) throw new Error(`${API_PAGE}: ${ANEW}`);
  });

  it('break no promise: the schema of a version keeps its shape for ever', () => {
    expect(brokenPromises(schemasOf(today), readPublished())).toEqual([]);
  });

  it('break no promise to clients of the API', () => {
    const { published, made } = promises(today);
    expect(published.filter((line) => !made.includes(line))).toEqual([]);
    if (published.length !== made.length) throw new Error(`the API promises more than before: ${ANEW}`);
  });

  it('are published, each of the schemas', () => {
    const missing = [...schemasOf(today).keys()].filter((name) => !(name in readPublished().hashes));
    if (missing.length > 0) throw new Error(`${missing.join(', ')} is new: ${ANEW}`);
  });
});

describe('what would break clients of the API', () => {
  type Change = (document: any) => void;
  const brokenBy = (change: Change): string[] => {
    const before = documentsOfToday().get('openapi.json');
    const after = structuredClone(before);
    change(after);
    const made = apiPromises(after);
    return apiPromises(before).filter((line) => !made.includes(line));
  };
  const base = '/api/v1/certification-cron';

  it.each<[string, Change, string]>([
    ['a route is gone', ({ paths }) => Reflect.deleteProperty(paths, `${base}/runs`), 'listRuns is GET'],
    ['a parameter is gone', ({ paths }) => paths[base].get.parameters.pop(), 'listJobs takes query cursor'],
    [
      'a parameter must be there',
      ({ paths }) => (paths[base].get.parameters[0].required = true),
      'listJobs needs nothing',
    ],
    [
      'a body must be there',
      ({ paths }) => (paths[`${base}/{id}`].put.requestBody.required = true),
      'updateJob needs id',
    ],
    [
      'a status is gone',
      ({ paths }) => delete paths[`${base}/{id}/execute`].post.responses[202],
      'executeJob answers 202',
    ],
    ['a field is gone', ({ components }) => delete components.schemas.Job.properties.key, 'Job.key'],
    [
      'a field need not be there',
      ({ components }) => components.schemas.Run.required.pop(),
      'is always there',
    ],
    [
      'a field may be null',
      ({ components }) => (components.schemas.Job.properties.name.type = ['string', 'null']),
      'Job.name: {"type":"string"}',
    ],
    [
      'a list has something else in it',
      ({ components }) => (components.schemas.SchedulePreview.properties.notes.items.type = 'integer'),
      'SchedulePreview.notes[]',
    ],
    ['a value is gone', ({ components }) => components.schemas.JobStatus.enum.pop(), 'JobStatus: '],
    [
      'a field must be sent',
      ({ components }) => components.schemas.CreateJobRequest.required.push('enabled'),
      'CreateJobRequest needs',
    ],
    [
      'a field of a request takes less',
      ({ components }) => (components.schemas.CreateJobRequest.properties.name.maxLength = 9),
      'CreateJobRequest takes name',
    ],
    [
      'a code is gone',
      ({ components }) => delete components.responses.run_in_progress,
      'code run_in_progress',
    ],
  ])('is found: %s', (_, change, told) => {
    expect(brokenBy(change)).toContainEqual(expect.stringContaining(told));
  });

  it('is not what people are told, nor what is new', () => {
    expect(
      brokenBy(({ paths, components }) => {
        paths[base].get.summary = 'another text';
        paths[base].get.parameters.push({ name: 'more', in: 'query', schema: {} });
        paths['/more'] = paths[base];
        components.schemas.Job.properties.more = { type: 'string' };
        components.schemas.CreateJobRequest.properties.more = { type: 'string' };
      }),
    ).toEqual([]);
  });
});

describe('what would break readers', () => {
  const schema = jobEvents.RunStarted.schema;
  const before = jsonSchemaOf(schema, 'draft-2020-12');
  const hashes = { 'RunStarted.3': hashOf(before) };
  const brokenBy = (after: z.ZodType): string[] =>
    brokenPromises(new Map([['RunStarted.3', jsonSchemaOf(after, 'draft-2020-12')]]), {
      hashes,
      schemas: new Map([['RunStarted.3', before]]),
    });
  const { rules } = schema.shape;

  it.each<[string, z.ZodType, string]>([
    ['a field is gone', schema.omit({ slot: true }), 'properties.slot was'],
    ['a field need not be there', schema.partial({ run_no: true }), 'required was'],
    ['a field may be null', schema.extend({ run_id: z.string().nullable() }), 'properties.run_id.type was'],
    [
      'a field is of another type',
      schema.extend({ run_no: z.string() }),
      'properties.run_no.type was "integer"',
    ],
    ['a number is no longer whole', schema.extend({ run_no: z.number() }), 'is "number"'],
    [
      'a value is new',
      schema.extend({ trigger: z.enum(['schedule', 'manual', 'hook']) }),
      'trigger.enum was',
    ],
    ['a value is gone', schema.extend({ trigger: z.enum(['schedule']) }), 'trigger.enum was'],
    [
      'a time has another form',
      schema.extend({ started_at: z.string() }),
      'started_at.format was "date-time"',
    ],
    [
      'a field within a field is gone',
      schema.extend({ rules: rules.unwrap().omit({ select: true }).nullable() }),
      'rules.anyOf',
    ],
    ['a new field must be there', schema.extend({ added: z.string() }), 'required was'],
    [
      'a new field may be there',
      schema.extend({ added: z.string().optional() }),
      'properties.added was nothing',
    ],
    ['no other field may be there', z.strictObject(schema.shape), 'additionalProperties was nothing'],
  ])('is found: %s', (_, after, told) => {
    expect(brokenBy(after)).toEqual([expect.stringContaining(told)]);
  });

  it('is found: a field whose name is that of an annotation', () => {
    const one = jsonSchemaOf(z.object({ description: z.string(), title: z.string() }), 'draft-2020-12');
    const other = jsonSchemaOf(z.object({ description: z.string().optional() }), 'draft-2020-12');
    expect(changesOf(one, other).join()).toMatch(/properties\.title was .*required was/);
  });

  it('is found: a schema that is gone', () => {
    expect(brokenPromises(new Map(), { hashes, schemas: new Map() })).toEqual([
      expect.stringContaining('RunStarted.3 is published'),
    ]);
  });

  it('is found: a file that was changed together with the code', () => {
    const after = new Map([['RunStarted.3', jsonSchemaOf(schema.omit({ slot: true }), 'draft-2020-12')]]);
    expect(brokenPromises(after, { hashes, schemas: after })).toEqual([
      expect.stringContaining('the file is not what was published'),
    ]);
  });

  it('is not what people are told, nor an order, nor a new version', () => {
    const { cron_id, ...others } = schema.shape;
    expect(brokenBy(z.object({ ...others, cron_id }).describe('another text'))).toEqual([]);
    expect(brokenBy(schema.extend({ run_id: z.string().describe('another text') }))).toEqual([]);
    const both = new Map([
      ['RunStarted.3', before],
      ['RunStarted.4', { type: 'object' }],
    ]);
    expect(brokenPromises(both, { hashes, schemas: new Map() })).toEqual([]);
  });
});
