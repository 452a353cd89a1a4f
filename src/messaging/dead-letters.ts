import type { Logger } from '../ports/logger.js';
import type { MessageBus, OutgoingMessage, Producer } from '../ports/message-bus.js';
import { StoreError } from '../ports/store-error.js';
import { firstCharacters } from './first-characters.js';
import { toDeadLetter, type DeadLetter, type DeadLetterForm } from './to-dead-letter.js';

export interface DeadLetters {
  /**
   * Sets messages aside, as they came, with the reason; those that are too large without their value, or cut. Resolves
   * when they are durable: only then may the feed go on.
   * @throws StoreError when they could not be written: the messages must be redelivered
   */
  add(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

/** For a message that is too large as it is. */
const SMALLER = ['without value', 'cut'] as const;
const MOST_LOGGED = 200;
/** What is encoded, sent and logged at once holds up the process meanwhile. */
const AT_ONCE = 100;

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

  /** @returns whether they fit */
  async function trySending(letters: readonly DeadLetter[], form: DeadLetterForm): Promise<boolean> {
    try {
      await send(letters.map((letter) => toDeadLetter(letter, form)));
    } catch (error) {
      if (error instanceof StoreError && error.code === 'message_too_large') return false;
      throw error;
    }
    for (const letter of letters) {
      logger.warn(aboutLetter(letter), 'message invalid; moved to the dead letters');
    }
    return true;
  }

  /** Together when they fit, or in halves: one by one, a million bad messages would hold up the next good one. */
  async function addAll(letters: readonly DeadLetter[]): Promise<void> {
    const [only] = letters;
    if (only === undefined) return;
    if (letters.length <= AT_ONCE && (await trySending(letters, 'whole'))) return;
    if (letters.length > 1) {
      const half = Math.ceil(letters.length / 2);
      await addAll(letters.slice(0, half));
      await addAll(letters.slice(half));
      return;
    }
    for (const form of SMALLER) if (await trySending(letters, form)) return;
    // Its topic takes less than a kilobyte or two. The others must not wait until that is changed.
    logger.error(aboutLetter(only), 'message invalid, and too large for the dead letters; passed over');
  }

  return {
    add(letters) {
      const added = last.then(() => addAll(letters));
      last = added.catch(() => undefined);
      return added;
    },
    async close() {
      await last;
      await discard();
    },
  };
}

function aboutLetter({ message, reason }: DeadLetter): object {
  const { topic, partition, offset, key } = message;
  // A key that is no text is whole in the letter; a line of the log is for people.
  const text = key instanceof Uint8Array ? Buffer.from(key).toString() : key;
  return { topic, partition, offset, key: text && firstCharacters(text, MOST_LOGGED), reason };
}
