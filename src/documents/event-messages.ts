import { eventSchemas } from '../events/event-schemas.js';
import { schemaVersionOf, type EventType } from '../events/parse-event.js';
import { toMessages } from '../messaging/to-messages.js';
import type { Message } from './channel.js';
import { BATCH_AFTER, exampleEvent } from './example-events.js';
import { versionMessages } from './version-messages.js';

/** A message for each version of each type, as the topic holds them, and one for what had to be cut. */
export function eventMessages(topic: string, types?: readonly EventType[]): Record<string, Message> {
  return versionMessages(
    eventSchemas.filter(({ type }) => types === undefined || types.includes(type)),
    ({ type, version }) => {
      if (version !== schemaVersionOf(type)) return undefined;
      const published = toMessages(exampleEvent(type), { batchAfter: BATCH_AFTER });
      return published.find((message) => message.topic === topic);
    },
    {
      title: 'An event that is too large for the topic, in part',
      summary: 'Texts end with …, long lists and fields are missing. The log has all of it.',
    },
  );
}
