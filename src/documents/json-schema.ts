import * as z from 'zod';

export type JsonSchema = Record<string, unknown>;

/** AsyncAPI's own dialect builds on draft 7, and that is the one that all of its tools read. */
export type Dialect = 'draft-2020-12' | 'draft-7';

/** The JSON Schema of what a schema takes in: fields that it does not know are allowed, as readers should have it. */
export function jsonSchemaOf(schema: z.ZodType, target: Dialect): JsonSchema {
  const found: JsonSchema = z.toJSONSchema(schema, {
    target,
    io: 'input',
    // A check in code says by its `meta` what it takes.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      leaveOut(jsonSchema);
    },
  });
  delete found.$schema;
  return found;
}

/** What says nothing more, or something else to other validators. */
function leaveOut(found: z.core.JSONSchema.BaseSchema): void {
  if (found.minimum === Number.MIN_SAFE_INTEGER) delete found.minimum;
  if (found.maximum === Number.MAX_SAFE_INTEGER) delete found.maximum;
  // Zod's patterns of dates are pages long, and may be others in its next version.
  if (found.format !== undefined || isUnportable(found)) delete found.pattern;
  if (found.allOf === undefined) return;
  found.allOf = found.allOf.filter((one) => !isUnportable(one));
  if (found.allOf.length === 0) delete found.allOf;
}

/** Classes of characters by property: other languages have other words for them, and draft 7 reads them as letters. */
function isUnportable({ pattern }: z.core.JSONSchema.BaseSchema): boolean {
  return pattern !== undefined && /\\p\{/i.test(pattern);
}
