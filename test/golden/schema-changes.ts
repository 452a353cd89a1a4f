import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

type Json = Record<string, unknown>;

/** What they say is for people. */
const ANNOTATIONS = ['title', 'description', 'examples', '$comment'];
/** Their keys are names, which may be those of annotations. */
const NAMED = ['properties', 'patternProperties', '$defs'];
/** Their order says nothing. */
const SETS = ['required', 'enum', 'type'];

/** What a schema asks of data, without words and order. */
export function shapeOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.includes(keyword));
  return sorted(
    kept.map(([keyword, value]) => {
      if (NAMED.includes(keyword))
        return [keyword, sorted(Object.entries(value as Json).map(([name, one]) => [name, shapeOf(one)]))];
      if (SETS.includes(keyword) && Array.isArray(value)) return [keyword, value.map(String).sort()];
      return [keyword, shapeOf(value)];
    }),
  );
}

/** Of the shape: two schemas with the same one take the same data. */
export function hashOf(schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(shapeOf(schema)))
    .digest('hex');
}

/** Where two shapes differ, in words. Empty for schemas that take the same data. */
export function changesOf(before: unknown, after: unknown): string[] {
  return differences(shapeOf(before), shapeOf(after), '');
}

function differences(before: unknown, after: unknown, at: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(before[key], after[key], at === '' ? key : `${at}.${key}`),
    );
  const told = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  return [`${at} was ${told(before)}, is ${told(after)}`];
}

export interface Published {
  /** By name, such as RunStarted.3: the hash that was published. */
  hashes: Readonly<Record<string, string>>;
  /** The schema of a name as it was published, where its file is still there. */
  schemas: ReadonlyMap<string, unknown>;
}

/** How the schemas of today break what readers were told. A name that has not been published promises nothing yet. */
export function brokenPromises(
  today: ReadonlyMap<string, unknown>,
  { hashes, schemas }: Published,
): string[] {
  return Object.entries(hashes).flatMap(([name, hash]) => {
    const schema = today.get(name);
    if (schema === undefined) return [`${name} is published, and logs may hold it: its schema must stay`];
    if (hashOf(schema) === hash) return [];
    const changes = changesOf(schemas.get(name), schema);
    const told = changes.length === 0 ? ['the file is not what was published'] : changes;
    return [`${name} is published, so another shape is a new version: ${told.join('; ')}`];
  });
}

function sorted(entries: (readonly [string, unknown])[]): Json {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
