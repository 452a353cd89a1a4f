import type * as z from 'zod';
import { SCOPES } from '../../access/principal.js';
import { jsonSchemasOf, openToReaders } from '../json-schema.js';
import { answerComponents } from './components.js';
import { requestParts } from './job-operations.js';
import { operations, type PlacedOperation } from './operations.js';
import { requestExamples, withExamples, type ApiExample } from './examples.js';
import { headerParameters, pathParameters, queryParameters } from './parameters.js';
import { responsesOf, sharedResponses, type DocumentParts, type SchemaRef } from './responses.js';
import type { Steps } from '../steps.js';

export interface OpenApiOptions {
  /** Of the service. */
  version: string;
  /** Of any of the operations. */
  examples: readonly ApiExample[];
}

/** The document of all that the service answers, in OpenAPI 3.1. */
export function* openApiDocument({ version, examples }: OpenApiOptions): Steps<object> {
  const requests = new Map(
    operations.flatMap(({ operation: { id, body } }) =>
      body === undefined
        ? []
        : [[`${id.charAt(0).toUpperCase()}${id.slice(1)}Request`, body.schema] as const],
    ),
  );
  const schemas = { ...answerComponents, ...Object.fromEntries(requests) };
  const refOf = refsTo(schemas);
  yield;
  const ofAnswers = jsonSchemasOf(answerComponents, componentUri);
  yield;
  const ofRequests = jsonSchemasOf({ ...requestParts, ...Object.fromEntries(requests) }, componentUri);
  const paths: Record<string, Record<string, object>> = {};
  for (const one of operations) {
    yield;
    (paths[one.path] ??= {})[one.method.toLowerCase()] = operationOf(one, { refOf, examples });
  }
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'certification-cron',
      version,
      description:
        'The cron jobs that check when certifications of mentors expire, and ask for reminders. Timestamps are RFC 3339 in ' +
        'UTC with a Z. New fields, codes and types of events may come: readers pass over what they do not know. Unknown ' +
        'fields and parameters of a request are refused.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Beside this document, so that requests find the service through a gateway that takes a prefix off the path, too.
    servers: [{ url: './' }],
    tags: [...new Set(operations.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key of `API_KEYS_FILE`.' },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `A key, or a token of \`JWT_ISSUER\`. Scopes: ${SCOPES.join(', ')}.`,
        },
      },
      responses: sharedResponses(refOf),
      schemas: {
        ...openToReaders(ofAnswers),
        ...ofRequests,
      },
    },
  };
}

function operationOf(
  { path, group, operation, scopes, problems }: PlacedOperation,
  parts: DocumentParts,
): object {
  const { id, summary, description, query, headers = [], body } = operation;
  const parameters = [
    ...pathParameters(path),
    ...(query === undefined ? [] : queryParameters(query)),
    ...headerParameters(headers),
  ];
  return {
    operationId: id,
    tags: [group],
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: body.isRequired,
        content: {
          'application/json': {
            schema: parts.refOf(body.schema),
            ...withExamples(requestExamples(parts.examples, id)),
          },
        },
      },
    }),
    responses: responsesOf(operation, problems, parts),
    security: securityOf(scopes),
  };
}

/** Where no credentials are configured, none is asked for: that is the first of the choices. */
function securityOf(scopes: PlacedOperation['scopes']): object[] {
  if (scopes === undefined) return [];
  return [{}, ...scopes.flatMap((scope) => [{ key: [scope] }, { token: [scope] }])];
}

/** @returns what refers to a schema: by the name of its component, or each of a choice by its own */
function refsTo(schemas: Readonly<Record<string, z.ZodType>>): SchemaRef {
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  return function refOf(schema) {
    const name = names.get(schema);
    if (name === undefined) throw new Error('a schema of an operation is none of the components');
    return { $ref: componentUri(name) };
  };
}

function componentUri(name: string): string {
  return `#/components/schemas/${name}`;
}
