import type { IncomingMessage, OutgoingMessage, TextOrBytes } from '../ports/message-bus.js';
import { firstCharacters } from './first-characters.js';
import { DEAD_LETTERS_TOPIC } from './topics.js';

export interface DeadLetter {
  message: IncomingMessage;
  reason: string;
}

/** cut: no headers of its own, and the beginning of the rest; less than a kilobyte or two. */
export type DeadLetterForm = 'whole' | 'without value' | 'cut';

/** In characters, of up to three bytes; and bytes of the value. */
const MOST_CUT = 200;

/** The message that sets another one aside. Where it came from is always in it, so that it can be found there. */
export function toDeadLetter({ message, reason }: DeadLetter, form: DeadLetterForm): OutgoingMessage {
  const { topic, partition, offset, headers, value } = message;
  const key = message.key ?? '';
  const place = {
    dead_letter_topic: topic,
    dead_letter_partition: String(partition),
    dead_letter_offset: offset,
  };
  if (form !== 'cut') {
    return {
      topic: DEAD_LETTERS_TOPIC,
      key,
      headers: { ...headers, dead_letter_reason: reason, ...place },
      value: form === 'whole' ? value : null,
    };
  }
  return {
    topic: DEAD_LETTERS_TOPIC,
    key: typeof key === 'string' ? firstCharacters(key, MOST_CUT) : key.subarray(0, MOST_CUT),
    headers: {
      dead_letter_reason: firstCharacters(reason, MOST_CUT),
      ...place,
      dead_letter_cut: sizesOf(key, headers, value),
    },
    value: value === null ? null : value.subarray(0, MOST_CUT),
  };
}

/** Of what was taken in, which may have been cut before: then the reason says so. */
function sizesOf(
  key: TextOrBytes,
  headers: IncomingMessage['headers'],
  value: IncomingMessage['value'],
): string {
  const named = Object.entries(headers);
  const characters = named.reduce((sum, [name, content]) => sum + name.length + content.length, 0);
  return (
    `key of ${key.length} ${typeof key === 'string' ? 'characters' : 'bytes'}, ${named.length} headers of ${characters} characters, ` +
    `value of ${value?.length ?? 0} bytes`
  );
}
