/**
 * What documents say of an input in place of what its schema in code looks like, as JSON Schema: a number in a query comes as
 * a text, and a check in code has no form there. For the `meta` of a schema.
 */
export function asDocumented(json: Readonly<Record<string, unknown>>): { documented: typeof json } {
  return { documented: json };
}
