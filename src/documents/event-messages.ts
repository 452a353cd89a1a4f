import { eventSchemas, type EventSchema } from '../events/event-schemas.js';
import { schemaVersionOf, type EventType } from '../events/parse-event.js';
import { toMessages } from '../messaging/to-messages.js';
import { schemaRef, type Message, type MessageExample } from './channel.js';
import { aboutType, nameOf } from './event-documents.js';
import { exampleEvent } from './example-events.js';

const BATCH_AFTER = '00000000000000000453-00000000000000000453';

/** A message for each version of each type, as the topic holds them, and one for what had to be cut. */
export function eventMessages(topic: string, types?: readonly EventType[]): Record<string, Message> {
  const told = eventSchemas.filter(({ type }) => types === undefined || types.includes(type));
  return {
    ...Object.fromEntries(told.map((one) => [nameOf(one), eventMessage(topic, one)])),
    Truncated: {
      name: 'Truncated',
      title: 'An event that is too large for the topic, in part',
      summary: 'Texts end with …, long lists and fields are missing. The log has all of it.',
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

function eventMessage(topic: string, one: EventSchema): Message {
  const { type, version, urn } = one;
  return {
    name: `certification-cron.${type}`,
    title: `${type}, version ${version}`,
    summary: aboutType(one),
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
    ...(version === schemaVersionOf(type) && { examples: [exampleOf(topic, type)] }),
  };
}

/** As the publisher writes it. */
function exampleOf(topic: string, type: EventType): MessageExample {
  const published = toMessages(exampleEvent(type), { batchAfter: BATCH_AFTER });
  const { headers, value } = published.find((message) => message.topic === topic) ?? {};
  return { name: type, headers: { ...headers }, payload: JSON.parse(String(value)) as unknown };
}
