import { shapeOf } from './schema-changes.js';

type Json = Record<string, unknown>;

const PARTS = ['properties', 'required', 'items'];

/**
 * What the OpenAPI document promises to clients, a line each, sorted: operations, what they need and take, what they
 * answer, and each field. Lines may be added; one that is gone, or says something else, breaks a client: unless it is of
 * something that clients send, and takes more than before.
 */
export function apiPromises(document: unknown): string[] {
  const { paths, components } = document as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Json; responses: Record<string, Json> };
  };
  const ofOperations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => operationLines(method, path, operation)),
  );
  const ofSchemas = Object.entries(components.schemas).flatMap(([name, schema]) =>
    name.endsWith('Request') ? requestLines(name, schema as Json) : answerLines(name, schema as Json),
  );
  const ofCodes = Object.keys(components.responses).map((code) => `code ${code}`);
  return [...new Set([...ofOperations, ...ofSchemas, ...ofCodes])].sort();
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; explode?: boolean; schema: Json }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }>; headers?: Json }>;
}

function operationLines(method: string, path: string, operation: Operation): string[] {
  const { operationId: id, parameters = [], requestBody, responses } = operation;
  const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
  const isBodyNeeded = requestBody?.required === true;
  return [
    `${id} is ${method.toUpperCase()} ${path}`,
    `${id} needs ${[...needed, ...(isBodyNeeded ? ['a body'] : [])].join(', ') || 'nothing'}`,
    ...parameters.map(
      ({ name, in: place, explode, schema }) =>
        `${id} takes ${place} ${name}${explode === undefined ? '' : ` (explode ${explode})`}: ${told(schema)}`,
    ),
    ...contentLines(`${id} takes a body`, requestBody?.content),
    ...Object.entries(responses)
      .filter(([status]) => Number(status) < 300)
      .flatMap(([status, { content, headers = {} }]) => [
        ...contentLines(`${id} answers ${status}`, content),
        ...Object.keys(headers).map((name) => `${id} answers ${status} with ${name}`),
      ]),
  ];
}

function contentLines(begin: string, content: Record<string, { schema: Json }> = {}): string[] {
  return Object.entries(content).map(([type, { schema }]) => `${begin} ${type}: ${told(schema)}`);
}

function requestLines(name: string, { required = [], properties = {} }: Json): string[] {
  return [
    `${name} needs ${(required as string[]).toSorted().join(', ') || 'nothing'}`,
    ...Object.entries(properties as Json).map(([field, schema]) => `${name} takes ${field}: ${told(schema)}`),
  ];
}

/** Of a schema and all that is in it: what each field is, and that it is always there. */
function answerLines(at: string, schema: Json): string[] {
  const { properties, required, items, anyOf, additionalProperties, ...rest } = schema;
  const options = (anyOf as Json[] | undefined) ?? [];
  const kinds = options.map((one) => told(withoutParts(one)));
  return [
    `${at}: ${told(rest)}${kinds.length > 0 ? ` any of ${kinds.sort().join(' ')}` : ''}`,
    ...Object.entries((properties as Record<string, Json> | undefined) ?? {}).flatMap(([field, one]) =>
      answerLines(`${at}.${field}`, one),
    ),
    ...((required as string[] | undefined) ?? []).map((field) => `${at}.${field} is always there`),
    ...(isSchema(items) ? answerLines(`${at}[]`, items) : []),
    ...(isSchema(additionalProperties) ? answerLines(`${at}.*`, additionalProperties) : []),
    ...options
      .filter(({ properties: some, items: others }) => some ?? others)
      .flatMap((one) => answerLines(at, one)),
  ];
}

/** What is said of each of them is a line of its own. */
function withoutParts(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !PARTS.includes(keyword)));
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function told(schema: unknown): string {
  return JSON.stringify(shapeOf(schema));
}
