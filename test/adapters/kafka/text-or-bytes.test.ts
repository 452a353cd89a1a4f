import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { incomingMessage } from '../../../src/adapters/kafka/incoming-message.js';
import { textOrBytes } from '../../../src/adapters/kafka/text-or-bytes.js';

describe('a key or header that Kafka holds as bytes', () => {
  it('is the text that it is in UTF-8, whole, else its bytes: nothing is replaced or removed', () => {
    const byte = fc.constantFrom(
      0x00,
      0x41,
      0x7f,
      0x80,
      0xbb,
      0xbf,
      0xc3,
      0xa4,
      0xed,
      0xa0,
      0xef,
      0xf0,
      0xff,
    );
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(byte, { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes)),
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Uint8Array.from(Buffer.from(text))),
    );
    fc.assert(
      fc.property(some, (bytes) => {
        const read = textOrBytes(bytes);
        expect([...Buffer.from(read as string)]).toEqual([...bytes]);
        expect(typeof read === 'string').toBe(Buffer.from(Buffer.from(bytes).toString()).equals(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, number[]]>([
    ['Latin-1', [0x6b, 0xe4]],
    ['a character that is cut off', [0x6b, 0xc3]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['an overlong form', [0xc0, 0x80]],
  ])('is bytes: %s', (_, bytes) => {
    const buffer = Buffer.from(bytes);
    const message = { offset: '0', key: buffer, value: null, headers: { h: buffer }, tooLarge: undefined };
    const read = incomingMessage('topic', 0, message as never);
    expect(read).toMatchObject({ key: buffer, headers: { h: buffer } });
  });

  it('is a text with its byte order mark', () => {
    expect(textOrBytes(Buffer.from('\ufeffcert-1'))).toBe('\ufeffcert-1');
  });
});
