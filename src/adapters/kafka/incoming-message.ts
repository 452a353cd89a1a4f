import type { IncomingMessage } from '../../ports/message-bus.js';
import type { FetchedMessage } from './reading/fetched-message.js';
import { textOrBytes } from './text-or-bytes.js';

export function incomingMessage(topic: string, partition: number, message: FetchedMessage): IncomingMessage {
  const { offset, key, value, headers, tooLarge } = message;
  const contents = Object.entries(headers).map(([name, content]) => [name, textOrBytes(content)] as const);
  return {
    topic,
    partition,
    offset,
    key: key === null ? null : textOrBytes(key),
    headers: Object.fromEntries(contents),
    value,
    tooLarge,
  };
}
