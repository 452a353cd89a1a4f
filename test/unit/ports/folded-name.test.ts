import { expect, it } from '@jest/globals';
import { foldedName } from '../../../src/ports/folded-name.js';

it.each([
  ['straße', 'STRASSE'],
  ['STRA\u1e9eE', 'straße'],
  ['STRA\u1e9eE', 'strasse'],
  ['\u03f4', '\u03b8'],
  ['σας', 'ΣΑΣ'],
  ['e\u0301', 'É'],
  // The same letter, with its marks in another order.
  ['\u1fb4', '\u03b1\u0345\u0301'],
  ['q\u0307\u0323', 'Q\u0323\u0307'],
])('%j is %j', (one, other) => {
  expect(foldedName(one)).toBe(foldedName(other));
});

it.each([
  ['e', 'é'],

  ['o', 'ø'],
])('%j is not %j', (one, other) => {
  expect(foldedName(one)).not.toBe(foldedName(other));
});

it('is the same for each letter, small or capital, however it is composed', () => {
  const differing: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const letter = String.fromCodePoint(point);
    const folded = foldedName(letter);
    const forms = [letter.toLowerCase(), letter.toUpperCase(), letter.normalize('NFD'), folded];
    if (forms.some((form) => foldedName(form) !== folded)) differing.push(point.toString(16));
  }
  expect(differing).toEqual([]);
});
