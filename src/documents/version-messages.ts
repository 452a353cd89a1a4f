import type { VersionedSchema } from '../events/event-schemas.js';
import type { OutgoingMessage } from '../ports/message-bus.js';
import { schemaRef, type Message, type MessageExample } from './channel.js';
import { nameOf } from './schema-documents.js';

/**
 * A message for each version, as a topic holds them, and one for what had to be cut.
 * @param exampleOf as the publisher writes it today; undefined for an earlier version
 */
export function versionMessages<S extends VersionedSchema>(
  schemas: readonly S[],
  exampleOf: (one: S) => OutgoingMessage | undefined,
  truncated: Pick<Message, 'title' | 'summary'>,
): Record<string, Message> {
  return {
    ...Object.fromEntries(schemas.map((one) => [nameOf(one), versionMessage(one, exampleOf(one))])),
    Truncated: {
      name: 'Truncated',
      ...truncated,
      contentType: 'application/json',
      headers: {
        allOf: [
          schemaRef('EventHeaders'),
          { type: 'object', properties: { ce_truncated: { const: 'true' } }, required: ['ce_truncated'] },
        ],
      },
      payload: { type: 'object' },
    },
  };
}

function versionMessage(one: VersionedSchema, example: OutgoingMessage | undefined): Message {
  const { type, version, urn, about } = one;
  return {
    name: `certification-cron.${type}`,
    title: `${type}, version ${version}`,
    summary: about,
    contentType: 'application/json',
    headers: {
      allOf: [
        schemaRef('EventHeaders'),
        {
          type: 'object',
          properties: {
            ce_type: { const: `certification-cron.${type}` },
            ce_schemaversion: { const: String(version) },
            ce_dataschema: { const: urn },
          },
        },
      ],
    },
    payload: schemaRef(nameOf(one)),
    ...(example !== undefined && { examples: [shownAs(type, example)] }),
  };
}

/** A message as an example of a document. */
export function shownAs(name: string, { headers, value }: OutgoingMessage): MessageExample {
  return { name, headers: { ...headers }, payload: JSON.parse(String(value)) as unknown };
}
