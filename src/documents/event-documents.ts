import { eventDefinitions } from '../events/parse-event.js';
import { eventSchemas, type EventSchema } from '../events/event-schemas.js';
import { jsonSchemaOf, type JsonSchema } from './json-schema.js';

/** Such as RunStarted.3: the name of its file, and of its messages. */
export function nameOf({ type, version }: Pick<EventSchema, 'type' | 'version'>): string {
  return `${type}.${version}`;
}

/** A JSON Schema for the data of each type of event in each version, by its file. */
export function eventDocuments(): Map<string, JsonSchema> {
  return new Map(eventSchemas.map((one) => [`${nameOf(one)}.json`, eventDocument(one)]));
}

function eventDocument(one: EventSchema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: one.urn,
    title: `${one.type}, version ${one.version}`,
    description: aboutType(one),
    ...jsonSchemaOf(one.schema, 'draft-2020-12'),
  };
}

/** What has happened, whichever version tells it. */
export function aboutType({ type }: Pick<EventSchema, 'type'>): string | undefined {
  return eventDefinitions[type].schema.description;
}

/** What there is, for whoever looks for it. */
export function indexOfEvents(): object {
  return {
    schemas: eventSchemas.map(({ type, version, urn }) => ({
      type,
      version,
      urn,
      file: `${nameOf({ type, version })}.json`,
    })),
  };
}
