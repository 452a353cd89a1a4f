import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable } from '../../../src/cli/printable.js';

it('a terminal gets nothing to obey and one line, and JSON stays the same JSON', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[2J', '\u009b31m', '\u202e', '\r\n', '\u2028', '\ud800', '\u{e0001}'),
  );
  const property = fc.property(fc.array(text), (parts) => {
    const json = printable(JSON.stringify(parts));
    expect(JSON.parse(json)).toEqual(parts);
    expect(json + printable(parts.join(''))).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
  fc.assert(property, { numRuns: 200 });
  expect(printable('Zoë – 試験 ✓')).toBe('Zoë – 試験 ✓');
});
