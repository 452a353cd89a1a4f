import type {
  Consumption,
  IncomingMessage,
  MessageBus,
  OutgoingMessage,
} from '../../src/ports/message-bus.js';
import { eventually } from './eventually.js';

/** What a consumer was given, in order. */
export interface Consumed {
  /** Of each call of `handle` that resolved. */
  messages: IncomingMessage[];
  /** How many messages each call of `handle` was given. */
  sizes: number[];
  /** Aborts, and resolves when `consume` has. */
  stop(): Promise<void>;
}

/** Starts consuming; messages count as consumed only after `handle`. */
export function startConsuming(
  bus: MessageBus,
  consumption: Pick<Consumption, 'topic' | 'group'> & Partial<Consumption>,
): Consumed {
  const messages: IncomingMessage[] = [];
  const sizes: number[] = [];
  const stopping = new AbortController();
  const consuming = bus.consume({
    atMost: 100,
    partitionsAtOnce: 3,
    signal: stopping.signal,
    ...consumption,
    async handle(slice, signal) {
      sizes.push(slice.length);
      await consumption.handle?.(slice, signal);
      messages.push(...slice);
    },
  });
  return {
    messages,
    sizes,
    stop() {
      stopping.abort();
      return consuming;
    },
  };
}

/** Messages whose values count from `from`, spread over `keys` keys. */
export function countingMessages(topic: string, count: number, keys = 10, from = 0): OutgoingMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    key: `key-${(from + index) % keys}`,
    headers: {},
    value: String(from + index),
  }));
}

export const valueOf = (message: IncomingMessage): string =>
  Buffer.from(message.value ?? []).toString('utf8');

/** The values of each key, in the order in which they came. */
export function valuesByKey(messages: readonly IncomingMessage[]): Map<string, number[]> {
  const byKey = new Map<string, number[]>();
  for (const message of messages) {
    const key = String(message.key);
    byKey.set(key, [...(byKey.get(key) ?? []), Number(valueOf(message))]);
  }
  return byKey;
}

/** Sends by a producer of its own. */
export async function sendAll(bus: MessageBus, messages: readonly OutgoingMessage[]): Promise<void> {
  const producer = await bus.openProducer();
  try {
    await producer.send(messages);
  } finally {
    await producer.close();
  }
}

/** All that is in a topic, each once, read by a new group until `count` have come. */
export async function readTopic(
  bus: MessageBus,
  topic: string,
  group: string,
  count: number,
): Promise<IncomingMessage[]> {
  const consumed = startConsuming(bus, { topic, group });
  await eventually(`${count} messages`, () => consumed.messages.length >= count);
  await consumed.stop();
  return consumed.messages;
}
