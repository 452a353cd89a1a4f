import type { Logger } from '../ports/logger.js';
import type { IncomingMessage, MessageBus, OutgoingMessage, Producer } from '../ports/message-bus.js';
import { StoreError } from '../ports/store-error.js';
import { DEAD_LETTERS_TOPIC } from './topics.js';

export interface DeadLetters {
  /**
   * Sets messages aside, as they came, with the reason. Resolves when they are durable: only then may the feed go on.
   * @throws StoreError when they could not be written: the messages must be redelivered
   */
  add(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

export interface DeadLetter {
  message: IncomingMessage;
  reason: string;
}

export function createDeadLetters(bus: MessageBus, logger: Logger): DeadLetters {
  let producer: Promise<Producer> | undefined;
  /** A producer takes one call at a time, and several feeds share this one. */
  let last: Promise<void> = Promise.resolve();

  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    producer ??= bus.openProducer();
    try {
      await (await producer).send(messages);
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async function discard(): Promise<void> {
    const used = producer;
    producer = undefined;
    try {
      await (await used)?.close();
    } catch (error) {
      logger.debug({ err: error }, 'closing the producer of dead letters failed');
    }
  }

  /** A message too large to keep with its reason is kept without its value; its original place is recorded. */
  async function addOne(letter: DeadLetter): Promise<void> {
    try {
      await send([toMessage(letter, letter.message.value)]);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'message_too_large')) throw error;
      await send([toMessage(letter, null)]);
    }
  }

  return {
    add(letters) {
      const added = last.then(async () => {
        for (const letter of letters) {
          await addOne(letter);
          const { topic, partition, offset, key } = letter.message;
          logger.warn(
            { topic, partition, offset, key, reason: letter.reason },
            'message invalid; moved to the dead letters',
          );
        }
      });
      last = added.catch(() => undefined);
      return added;
    },
    async close() {
      await last;
      await discard();
    },
  };
}

function toMessage({ message, reason }: DeadLetter, value: IncomingMessage['value']): OutgoingMessage {
  const { topic, partition, offset, key, headers } = message;
  return {
    topic: DEAD_LETTERS_TOPIC,
    key: key ?? '',
    headers: {
      ...headers,
      dead_letter_reason: reason,
      dead_letter_topic: topic,
      dead_letter_partition: String(partition),
      dead_letter_offset: offset,
    },
    value,
  };
}
