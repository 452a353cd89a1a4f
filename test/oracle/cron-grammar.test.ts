import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCronFields, type CronFields } from '../../src/schedule/cron-fields.js';
import { readLenientFields } from '../../src/schedule/lenient-fields.js';
import { parseCronExpression } from '../../src/schedule/parse-expression.js';

import {
  between,
  DAY,
  fieldsByGrammar,
  grammarOf,
  lengthOf,
  MONTHS,
  sorted,
  WEEKDAY,
  WEEKDAYS,
} from './cron-grammar.js';

function read(
  fields: readonly string[],
  how: (texts: readonly string[]) => CronFields,
): CronFields | undefined {
  try {
    return how(fields);
  } catch {
    return undefined;
  }
}

const plain = (fields: CronFields) => ({
  ...fields,
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value instanceof Set ? [[name, sorted(value as Set<number>)]] : [],
    ),
  ),
});

/** Earlier versions left out days that no month of the field has; they mean nothing. */
const withoutLostDays = (fields: CronFields) => {
  const longest = Math.max(...[...fields.months].map(lengthOf));
  return plain({ ...fields, days: new Set([...fields.days].filter((day) => day <= longest)) });
};

const arbitraryValue = (place: number) =>
  fc
    .tuple(fc.constantFrom(...grammarOf(place).written.keys()), fc.constantFrom('', '', '', '0'))
    .map(([text, zero]) => (/^\d/.test(text) ? zero + text : text));
const arbitraryStep = (place: number) =>
  fc.oneof(
    fc.constant(''),
    fc.integer({ min: 1, max: grammarOf(place).mostStep }).map((step) => `/${step}`),
  );
const arbitraryItem = (place: number) =>
  fc.oneof(
    arbitraryValue(place),
    fc
      .tuple(arbitraryValue(place), arbitraryValue(place), arbitraryStep(place))
      .map(([a, b, step]) => `${a}-${b}${step}`),
    fc.tuple(arbitraryValue(place), arbitraryStep(place)).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom(...grammarOf(place).any), arbitraryStep(place)).map((parts) => parts.join('')),
    ...(place === DAY ? [fc.constant('L')] : []),
    ...(place === WEEKDAY ? [arbitraryValue(place).map((value) => `${value}L`)] : []),
  );
/** Mostly right: only ranges may run backwards. */
const arbitraryField = (place: number) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(arbitraryItem(place), { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
    },
    ...(place === WEEKDAY
      ? [fc.tuple(arbitraryValue(place), fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`)]
      : []),
  );
const tokens = [
  ...Array.from('0123456789*/-,#L?HW'),
  ...MONTHS,
  ...WEEKDAYS,
  '59',
  '23',
  '31',
  '12',
  '24',
  '60',
  '_',
  '+',
  '.',
  'E',
  'X',
];
/** Mostly wrong, but near to what is right. */
const arbitraryScrawl = fc
  .array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
/** One field at random, the others plain: so that each is reached. */
const withOther = (arbitrary: (place: number) => fc.Arbitrary<string>) =>
  fc
    .integer({ min: 0, max: 5 })
    .chain((place) => arbitrary(place).map((field) => ['0', '0', '0', '*', '*', '*'].with(place, field)));

describe('the grammar of expressions', () => {
  it('is taken as it is written, and read as it says', () => {
    fc.assert(
      fc.property(fc.tuple(...between(0, 5).map(arbitraryField)), (fields) => {
        const found = read(fields, readCronFields);
        expect(found && plain(found)).toEqual(fieldsByGrammar(fields));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is all that is taken', () => {
    fc.assert(
      fc.property(
        withOther(() => arbitraryScrawl),
        (fields) => {
          const found = read(fields, readCronFields);
          expect(found && plain(found)).toEqual(fieldsByGrammar(fields));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('means what earlier versions made of it, where they took it', () => {
    fc.assert(
      fc.property(withOther(arbitraryField), (fields) => {
        const [now, then] = [read(fields, readCronFields), read(fields, readLenientFields)];
        fc.pre(now !== undefined && then !== undefined);
        expect(withoutLostDays(now)).toEqual(withoutLostDays(then));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes any case and any blanks of ASCII', () => {
    const blanks = fc.constantFrom(' ', '  ', '\t', ' \t ');
    fc.assert(
      fc.property(withOther(arbitraryField), blanks, fc.boolean(), (fields, blank, lower) => {
        fc.pre(read(fields, readCronFields) !== undefined);
        const text = fields.join(blank);
        expect(() =>
          parseCronExpression(lower ? text.toLowerCase() : text, { allowSeconds: true }),
        ).not.toThrow();
      }),
    );
  });
});
