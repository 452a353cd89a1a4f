import * as z from 'zod';

export type JsonSchema = Record<string, unknown>;

/** AsyncAPI's own dialect builds on draft 7, and that is the one that all of its tools read. OpenAPI 3.1 has the other. */
export type Dialect = 'draft-2020-12' | 'draft-7';

const how = {
  io: 'input',
  // A check in code says by its `meta` what it takes.
  unrepresentable: 'any',
  override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    const { documented } = jsonSchema as { documented?: JsonSchema };
    if (documented !== undefined) replaceBy(jsonSchema, documented);
    else leaveOut(jsonSchema);
  },
} as const;

/** The JSON Schema of what a schema takes in. */
export function jsonSchemaOf(schema: z.ZodType, target: Dialect): JsonSchema {
  const found: JsonSchema = z.toJSONSchema(schema, { target, ...how });
  delete found.$schema;
  return found;
}

/**
 * The JSON Schemas of several schemas that refer to each other by their names.
 * @param uri where the schema of a name is, for references
 */
export function jsonSchemasOf(
  schemas: Readonly<Record<string, z.ZodType>>,
  uri: (name: string) => string,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const found = z.toJSONSchema(registry, { target: 'draft-2020-12', uri, ...how }).schemas;
  return Object.fromEntries(
    Object.entries(found).map(([name, schema]) => {
      delete schema.$schema;
      delete schema.$id;
      return [name, schema];
    }),
  );
}

/** What is published may have more than is described today. */
export function openToReaders<T>(found: T): T {
  if (Array.isArray(found)) return found.map((one: unknown) => openToReaders(one)) as T;
  if (typeof found !== 'object' || found === null) return found;
  const { additionalProperties, ...rest } = found as JsonSchema;
  const kept =
    additionalProperties === false || additionalProperties === undefined
      ? rest
      : { ...rest, additionalProperties };
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, openToReaders(value)])) as T;
}

function replaceBy(found: z.core.JSONSchema.BaseSchema, documented: JsonSchema): void {
  for (const key of Object.keys(found)) Reflect.deleteProperty(found, key);
  Object.assign(found, documented);
}

/** In Zod's patterns of dates, which are pages long, and may be others in its next version: `format` says the same. */
const LEAP_YEARS = '[13579][26]';

/** What says nothing more, or something else to other validators. */
function leaveOut(found: z.core.JSONSchema.BaseSchema): void {
  if (found.minimum === Number.MIN_SAFE_INTEGER) delete found.minimum;
  if (found.maximum === Number.MAX_SAFE_INTEGER) delete found.maximum;
  makePortable(found);
  if (found.pattern?.includes(LEAP_YEARS) === true) delete found.pattern;
  if (found.allOf === undefined) return;
  for (const one of found.allOf) leaveOut(one);
  found.allOf = found.allOf.filter((one) => Object.keys(one).length > 0);
  if (found.allOf.length === 0) delete found.allOf;
}

/** Classes of characters by property: other languages have other words for them, and draft 7 reads them as letters. */
const PORTABLE: Readonly<Record<string, string>> = {
  '^[^\\p{Cc}\\p{Cs}]*$': '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  '^\\P{Cc}*$': '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  '^[\\P{Cc}\\t\\n\\r]*$': '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$',
};

/** JSON in UTF-8 has no half a character, so what forbids one needs no other form. */
function makePortable(found: z.core.JSONSchema.BaseSchema): void {
  if (found.pattern === undefined || !/\\p\{/i.test(found.pattern)) return;
  const portable = PORTABLE[found.pattern];
  if (portable === undefined) delete found.pattern;
  else found.pattern = portable;
}
