import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { cursorOf, cursorText } from '../../../src/http/cursor.js';

const cursor = cursorOf(z.strictObject({ mentor_id: z.string(), certification_id: z.string() }));

describe('a cursor', () => {
  it('is the place that it was made of, whatever the ids are', () => {
    const place = fc.record({
      mentor_id: fc.string({ unit: 'binary', maxLength: 200 }),
      certification_id: fc.string({ unit: 'binary', maxLength: 200 }),
    });
    fc.assert(
      fc.property(place, (one) => {
        const text = cursorText(one);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(cursor.parse(text)).toEqual(one);
      }),
    );
  });

  it.each([
    ['no text', ['a', 'b']],
    ['empty', ''],
    ['no base64url', 'ab+/='],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['another place', cursorText({ expires_day: 1, certification_id: 'c' })],
    ['more than a place', cursorText({ mentor_id: 'm', certification_id: 'c', more: 1 })],
    ['no object', Buffer.from('null').toString('base64url')],
    ['too long', 'A'.repeat(8_001)],
  ])('is refused when it is %s', (_, text) => {
    const parsed = cursor.safeParse(text);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'must be a text that an answer has given as next_cursor',
    ]);
  });
});
