/**
 * What documents say of an input in place of what its schema in code looks like, as JSON Schema: a number in a query comes as
 * a text, and a check in code has no form there. For the `meta` of a schema.
 */
export function asDocumented(json: Readonly<Record<string, unknown>>): { documented: typeof json } {
  return { documented: json };
}

/** Patterns of checks in code, in characters that all languages have the same words for: a text without control characters. */
export const ONE_LINE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** One of which something is left when the blanks around it are cut off. */
export const ONE_LINE_NOT_BLANK =
  '^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\ufeff\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** Several lines that are not all blank. */
export const SOME_TEXT =
  '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*[^\\s\\ufeff\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$';
