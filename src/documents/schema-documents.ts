import { jobStateSchemas } from '../answers/job-state.js';
import { eventSchemas, type VersionedSchema } from '../events/event-schemas.js';
import { jsonSchemaOf, openToReaders, type Dialect, type JsonSchema } from './json-schema.js';
import type { Steps } from './steps.js';

/** Of all that is published: events, and jobs as they are. */
export const publishedSchemas: readonly VersionedSchema[] = [...eventSchemas, ...jobStateSchemas];

/** Such as RunStarted.3: the name of its file, and of its messages. */
export function nameOf({ type, version }: Pick<VersionedSchema, 'type' | 'version'>): string {
  return `${type}.${version}`;
}

/** What its readers may count on: there may be more. */
export function promiseOf({ schema }: VersionedSchema, dialect: Dialect): JsonSchema {
  return openToReaders(jsonSchemaOf(schema, dialect));
}

/** How a JSON Schema is made for each type of what is published in each version, by its file. */
export function schemaDocuments(): Map<string, () => Steps<JsonSchema>> {
  return new Map(publishedSchemas.map((one) => [`${nameOf(one)}.json`, () => schemaDocument(one)]));
}

function* schemaDocument(one: VersionedSchema): Steps<JsonSchema> {
  yield;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: one.urn,
    title: `${one.type}, version ${one.version}`,
    description: one.about,
    ...promiseOf(one, 'draft-2020-12'),
  };
}

/** What there is, for whoever looks for it. */
export function* indexOfSchemas(): Steps<object> {
  yield;
  return {
    schemas: publishedSchemas.map(({ type, version, urn }) => ({
      type,
      version,
      urn,
      file: `${nameOf({ type, version })}.json`,
    })),
  };
}
