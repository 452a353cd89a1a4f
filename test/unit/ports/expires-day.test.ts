import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { certificationSchema } from '../../../src/expiry-check/certification.js';
import { expiresDay } from '../../../src/ports/expires-day.js';

it.each<[unknown, number | undefined]>([
  ['1970-01-01', 0],
  ['1969-12-31', -1],
  ['2024-02-29', 19_782],
  ['2026-02-29', undefined],
  ['0000-01-01', -719_528],
  ['9999-12-31', 2_932_896],
  ['1970-01-02T00:00:00Z', 1],
  ['1970-01-01T23:59:59.999999999Z', 0],
  ['1970-01-02T00:30:00+01:00', 0],
  ['1970-01-01T23:30:00-01:00', 1],
  ['9999-12-31T23:59:59-23:59', 2_932_897],
  ['1970-01-01T00:00Z', undefined],
  ['1970-01-01T24:00:00Z', undefined],
  ['1970-01-01T10:00:00', undefined],
  ['1970-01-01 10:00:00Z', undefined],
  ['1970-1-1', undefined],
  [' 1970-01-01', undefined],
  ['1970-01-01\n', undefined],
  ['next summer', undefined],
  ['', undefined],
  [0, undefined],
  [null, undefined],
  [undefined, undefined],
  [new Date(0), undefined],
])('places %j', (expiresAt, day) => {
  expect(expiresDay(expiresAt)).toBe(day);
});

it('has a day for what a check can read, and for nothing else', () => {
  const two = fc.integer({ min: 0, max: 62 }).map((number) => String(number).padStart(2, '0'));
  const part = <T>(...values: T[]) => fc.constantFrom(...values);
  const texts = fc
    .tuple(
      part('1970-', '2024-', '2023-', '1900-', '0000-', '9999-', '19-', '+02026-'),
      fc.oneof(
        part('02-', '12-', '4-'),
        two.map((text) => `${text}-`),
      ),
      fc.oneof(part('28', '29', '30', '31'), two),
      part('', 'T', 't', ' '),
      fc.oneof(part('', '10:00', '23:59:59', '10:00:00.5', '10:00:00.', `10:00:00.${'1'.repeat(25)}`), two),
      part('', 'Z', 'z', '+00:00', '-23:59', '+24:00', '+0100', '-00:60'),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (expires_at) => {
      const readable = certificationSchema.shape.expires_at.safeParse(expires_at).success;
      expect([expires_at, expiresDay(expires_at) !== undefined]).toEqual([expires_at, readable]);
    }),
    { numRuns: 3_000 },
  );
});
