import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headArgument } from '../../../src/cli/head-argument.js';
import { FIRST_HEAD, headText } from '../../../src/ledger/log-head.js';

const HASH = 'ab'.repeat(32);
const ZEROS = '0'.repeat(64);

describe('a head that is given', () => {
  it('is read as it is printed, with or without the word before it', () => {
    const digits = fc.stringMatching(/^[0-9]{1,20}$/);
    const head = fc.record({
      count: fc.integer({ min: 1, max: 1e9 }),
      position: fc.oneof(
        digits,
        fc.tuple(digits, digits).map((parts) => parts.join('-')),
      ),
      hash: fc.stringMatching(/^[0-9a-f]{64}$/),
    });
    fc.assert(
      fc.property(
        fc.oneof(head, fc.constant(FIRST_HEAD)),
        fc.constantFrom('', 'head: ', '  '),
        (given, word) => {
          expect(headArgument(`${word}${headText(given)}\n`)).toEqual(given);
        },
      ),
    );
  });

  it.each([
    ['a position without events', `0:5:${ZEROS}`],
    ['a hash without events', `0::${HASH}`],
    ['both', `0:5:${HASH}`],
    ['events without a position', `7::${HASH}`],
    ['half a position', `7:-5:${HASH}`],
    ['the other half', `7:5-:${HASH}`],
    ['a number with a zero before it', `07:5:${HASH}`],
    ['less than nothing', `-1:5:${HASH}`],
    ['a hash that is too short', `7:5:${HASH.slice(1)}`],
    ['a hash in capitals', `7:5:${HASH.toUpperCase()}`],
    ['nothing', ''],
  ])('is refused with %s, and what is allowed is said', (_, given) => {
    expect(() => headArgument(given)).toThrow(
      `Allowed is a head as verify prints it: number of events, position and SHA-256 hash, such as 7:0000000000000000012:${HASH}; for a log without events 0::${ZEROS}`,
    );
  });
});
