import type { KafkaMessage } from 'kafkajs';
import type { IncomingMessage } from '../../ports/message-bus.js';

export function incomingMessage(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  const { offset, key, value, headers } = message;
  const texts = Object.entries(headers ?? {}).flatMap(([name, values]) => {
    // A name may come several times: the last one counts, as in Kafka's own clients.
    const last = Array.isArray(values) ? values.at(-1) : values;
    return last === undefined ? [] : [[name, last.toString('utf8')] as const];
  });
  return {
    topic,
    partition,
    offset,
    key: key === null ? null : key.toString('utf8'),
    headers: Object.fromEntries(texts),
    value,
  };
}
