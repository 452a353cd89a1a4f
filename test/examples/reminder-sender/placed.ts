import type { OutgoingMessage } from '../../../src/ports/message-bus.js';
import type { PlacedMessage } from '../../../examples/reminder-sender/src/inbox.js';

let offset = 0;

/** The first of the messages of an event, which is that of the topic of all events, as kafkajs delivers it. */
export function placed([message]: readonly OutgoingMessage[]): PlacedMessage {
  if (message === undefined) throw new Error('no message');
  const headers = Object.entries(message.headers).map(([name, value]) => [name, Buffer.from(value)] as const);
  return {
    topic: message.topic,
    partition: 0,
    offset: String(offset++),
    key: Buffer.from(message.key),
    headers: Object.fromEntries(headers),
    value: message.value === null ? null : Buffer.from(message.value),
  };
}
