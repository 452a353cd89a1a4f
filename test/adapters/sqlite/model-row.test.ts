import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intactDocument, toModelRow } from '../../../src/adapters/sqlite/model-row.js';

const row = toModelRow('cron-1', 17, { watermark: 1_774_519_200_000, open_runs: [], name: 'nightly' });

it('a row is read as it was written', () => {
  expect(intactDocument(row, 'read.db')).toEqual({
    watermark: 1_774_519_200_000,
    open_runs: [],
    name: 'nightly',
  });
});

it('any changed character of a row is noticed', () => {
  const fields = fc.constantFrom<'key' | 'document'>('key', 'document');
  fc.assert(
    fc.property(fields, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (field, at, character) => {
      const text = row[field];
      const place = at % text.length;
      fc.pre(text[place] !== character);
      const changed = { ...row, [field]: text.slice(0, place) + character + text.slice(place + 1) };
      expect(() => intactDocument(changed, 'read.db')).toThrow(/the row .* is damaged/);
    }),
  );
});

it('a changed version is noticed', () => {
  fc.assert(
    fc.property(fc.nat(), (version) => {
      fc.pre(version !== row.version);
      expect(() => intactDocument({ ...row, version }, 'read.db')).toThrow(/is damaged/);
    }),
  );
});
