import { partitionForKey } from '../../../src/adapters/kafka/partition-for-key.js';
import { textOrBytes } from '../../../src/adapters/kafka/text-or-bytes.js';
import type { Clock } from '../../../src/ports/clock.js';
import type {
  IncomingMessage,
  OutgoingMessage,
  Producer,
  TextOrBytes,
} from '../../../src/ports/message-bus.js';
import { StoreError } from '../../../src/ports/store-error.js';

/**
 * lost: nothing is written. written but not acknowledged: everything is. partly written: everything but what goes to
 * one partition, which is all or nothing when there is only one.
 */
export type SendFault = 'lost' | 'written but not acknowledged' | 'partly written';

/** What producers need of the brokers in memory. */
export interface MemoryProducerWorld {
  clock: Clock;
  maxMessageBytes: number;
  isDown(): boolean;
  logsOf(topic: string): IncomingMessage[][];
  /** Called when messages have been appended. */
  changed(): void;
  /** The next one, once. */
  takeSendFault(): SendFault | undefined;
  takeTailsFault(): boolean;
}

export function failInMemory(detail: string): never {
  throw new StoreError('store_unavailable', `brokers in memory: ${detail}`);
}

const sizeOf = ({ key, headers, value }: OutgoingMessage): number =>
  [key, value ?? '', ...Object.entries(headers).flat()].reduce((sum, { length }) => sum + length, 0);

/** As it comes back: a text is one however it was given. */
const returned = (content: TextOrBytes): TextOrBytes => textOrBytes(Buffer.from(content));

export async function openMemoryProducer(world: MemoryProducerWorld): Promise<Producer> {
  let failed = false;
  let sending = false;

  async function call<T>(work: () => T): Promise<T> {
    await world.clock.yield();
    if (failed) failInMemory('the producer has failed before: close it and open another one');
    try {
      if (world.isDown()) failInMemory('down');
      return work();
    } catch (error) {
      failed = true;
      throw error;
    }
  }

  const partitionOf = ({ topic, key }: Pick<OutgoingMessage, 'topic' | 'key'>): number =>
    partitionForKey(key, world.logsOf(topic).length);

  function byPlace(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
    const places = new Map<string, OutgoingMessage[]>();
    for (const message of messages) {
      const place = `${message.topic} ${partitionOf(message)}`;
      places.set(place, [...(places.get(place) ?? []), message]);
    }
    return [...places.values()];
  }

  function sendNow(messages: readonly OutgoingMessage[]): void {
    const places = byPlace(messages);
    const sizes = places.map((some) => some.reduce((sum, message) => sum + sizeOf(message), 0));
    if (Math.max(0, ...sizes) > world.maxMessageBytes) {
      const limit = `more than ${world.maxMessageBytes} for one partition at once`;
      throw new StoreError('message_too_large', `brokers in memory: ${limit}`);
    }
    const fault = world.takeSendFault();
    if (fault === 'lost') failInMemory('the messages are lost');
    for (const some of fault === 'partly written' ? places.slice(0, -1) : places) some.forEach(append);
    world.changed();
    if (fault !== undefined) failInMemory(fault);
  }

  function append(message: OutgoingMessage): void {
    const { topic, key, headers } = message;
    const partition = partitionOf(message);
    const log = world.logsOf(topic)[partition] ?? failInMemory(`there is no partition ${partition}`);
    const value = message.value === null ? null : Buffer.from(message.value);
    const contents = Object.entries(headers).map(([name, content]) => [name, returned(content)] as const);
    const offset = String(log.length);
    log.push({
      topic,
      partition,
      offset,
      key: returned(key),
      headers: Object.fromEntries(contents),
      value,
    });
  }

  await call(() => undefined);
  return {
    partitionOf,
    tails: (topics) =>
      call(() => {
        if (world.takeTailsFault()) failInMemory('the newest messages cannot be read');
        return topics.flatMap((topic) => world.logsOf(topic).flatMap((log) => log.slice(-1)));
      }),
    async send(messages) {
      if (sending) throw new Error('another send is under way');
      sending = true;
      try {
        await call(() => sendNow(messages));
      } finally {
        sending = false;
      }
    },
    close: () => Promise.resolve(),
  };
}
