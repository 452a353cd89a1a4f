import type { IncomingMessage } from '../../ports/message-bus.js';
import type { FetchedMessage } from './reading/fetched-message.js';

export function incomingMessage(topic: string, partition: number, message: FetchedMessage): IncomingMessage {
  const { offset, key, value, headers, tooLarge } = message;
  const texts = Object.entries(headers).map(([name, content]) => [name, content.toString()] as const);
  return {
    topic,
    partition,
    offset,
    key: key === null ? null : key.toString(),
    headers: Object.fromEntries(texts),
    value,
    tooLarge,
  };
}
