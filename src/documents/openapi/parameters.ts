import type * as z from 'zod';
import { CRON_ID, RUN_ID } from '../../http/parse-request.js';
import { jsonSchemaOf, type JsonSchema } from '../json-schema.js';
import type { RequestHeader } from './operation.js';

type Parameter = Record<string, unknown>;

/** The parameters of a query, from its schema. A list is a parameter that is given several times. */
export function queryParameters(query: z.ZodObject): Parameter[] {
  const { properties, required = [] } = jsonSchemaOf(query, 'draft-2020-12') as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    ...(required.includes(name) && { required: true }),
    ...(schema.type === 'array' && { style: 'form', explode: true }),
    schema,
  }));
}

const PATH: Readonly<Record<string, { description: string; schema: JsonSchema }>> = {
  id: {
    description: 'Of a job.',
    schema: { type: 'string', pattern: CRON_ID.source },
  },
  run_id: { description: 'Of a run.', schema: { type: 'string', pattern: RUN_ID.source } },
  key: {
    description: 'What the client calls the job.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$' },
  },
  certification_id: {
    description: 'Of a certification, in percent-encoding.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  file: { description: 'As the list of schemas names it.', schema: { type: 'string', minLength: 1 } },
};

/** RFC 9110, section 8.8.3. A tag of another form than those of jobs never matches, and neither does a weak one. */
const TAG = '(W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const IF_MATCH = `^(\\*|${TAG}(, *${TAG}){0,19})$`;

const HEADERS: Readonly<Record<RequestHeader, { description: string; schema: JsonSchema }>> = {
  'Idempotency-Key': {
    description:
      'The request may be repeated under it for 24 hours: it is done once, and each repeat gets the same answer.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  'If-Match': {
    description:
      'The `ETag` that the job must still have; `*`: it must be there. Else nothing is done, with 412.',
    schema: { type: 'string', pattern: IF_MATCH },
  },
  'If-None-Match': {
    description: '`*`: the job must not be there yet. Else nothing is done, with 412.',
    // Generators that make a type of a constant find none for it in a header.
    schema: { type: 'string', pattern: '^\\*$' },
  },
  'Last-Event-ID': {
    description: 'The id of the last event that the client has: the stream goes on behind it. Empty: none.',
    schema: { type: 'string' },
  },
};

/** The parameters of a path of the document. @throws Error for one that is not described */
export function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const found = PATH[name];
    if (found === undefined) throw new Error(`nobody describes the parameter ${name} of ${path}`);
    return { name, in: 'path', required: true, ...found };
  });
}

export function headerParameters(names: readonly RequestHeader[]): Parameter[] {
  return names.map((name) => ({ name, in: 'header', ...HEADERS[name] }));
}
