import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { jsonSchemaOf } from '../../src/documents/json-schema.js';
import { jobEvents } from '../../src/events/job-events.js';
import { documentsInRepository, documentsOfToday, readPublished, schemasOf } from './documents.js';
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

  it('break no promise: the schema of a version keeps its shape for ever', () => {
    expect(brokenPromises(schemasOf(today), readPublished())).toEqual([]);
  });

  it('are published, each of the schemas', () => {
    const missing = [...schemasOf(today).keys()].filter((name) => !(name in readPublished().hashes));
    if (missing.length > 0) throw new Error(`${missing.join(', ')} is new: ${ANEW}`);
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
