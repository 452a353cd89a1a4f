import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTraceparent, traceIdIn } from '../../../src/events/traceparent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const VALID = `00-${TRACE}-${PARENT}-01`;

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const parts = fc.record({
  version: hex(2),
  trace: fc.oneof(hex(32), fc.constant('0'.repeat(32))),
  parent: fc.oneof(hex(16), fc.constant('0'.repeat(16))),
  flags: hex(2),
  rest: fc.constantFrom('', '', '-', '-what-the-future-has', '.', '0'),
});

describe('a traceparent', () => {
  it.each([VALID, `00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-ff`])(
    'is taken as it is: %s',
    (text) => {
      expect(parseTraceparent(text)).toBe(text);
      expect(traceIdIn(text)).toBe(TRACE);
    },
  );

  it.each([
    [`01-${TRACE}-${PARENT}-01`, VALID],
    [`cc-${TRACE}-${PARENT}-03-more-to-come`, VALID],
    [`fe-${TRACE}-${PARENT}-02-`, `00-${TRACE}-${PARENT}-00`],
  ])('of a later version is read as far as it is known: %s', (text, known) => {
    expect(parseTraceparent(text)).toBe(known);
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['nothing', ''],
    ['bytes', Buffer.from(VALID)],
    ['two of them', `${VALID}, ${VALID}`],
    ['no flags', VALID.slice(0, -3)],
    ['more than version 00 has', `${VALID}-00`],
    ['version ff', VALID.replace(/^00/, 'ff')],
    ['capitals', VALID.toUpperCase()],
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['blanks around it', ` ${VALID} `],
    ['a line end behind it', `${VALID}\n`],
    ['a later version that goes on otherwise', `01-${TRACE}-${PARENT}-01.more`],
  ])('is ignored: %s', (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('is taken if and only if its parts are valid, and then has 55 characters of version 00', () => {
    fc.assert(
      fc.property(parts, ({ version, trace, parent, flags, rest }) => {
        const isKnown = version === '00' ? rest === '' : version !== 'ff' && /^(-|$)/.test(rest);
        const isValid = isKnown && /[^0]/.test(trace) && /[^0]/.test(parent);
        const read = parseTraceparent(`${version}-${trace}-${parent}-${flags}${rest}`);
        expect(read !== undefined).toBe(isValid);
        if (read === undefined) return;
        expect(read).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
        expect([traceIdIn(read), read.slice(36, 52)]).toEqual([trace, parent]);
        // Whatever is passed on is read the same way.
        expect(parseTraceparent(read)).toBe(read);
      }),
      { numRuns: 500 },
    );
  });

  it('of any text is refused or bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(parseTraceparent(text)?.length ?? 55).toBe(55);
      }),
    );
  });
});
