import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../../src/import/outcome.js';
import { readRecords } from '../../../src/import/read-records.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A piece of a file: so many lines, of which all belong to a good record, are empty, or are bad. */
interface Piece {
  bytes: Buffer;
  lines: number;
  is: 'good' | 'empty' | 'bad';
}

const piece = (is: Piece['is'], content: string | Buffer, lines = 1): Piece => ({
  bytes: Buffer.from(content as string),
  lines,
  is,
});

const LATIN1 = Buffer.from('käthe,m,2027-01-31,note', 'latin1');
const emptyLine = fc.constantFrom('', ' ', '\t ').map((text) => piece('empty', text));

/** A note may be in quotes, and hold commas, quotes and line ends; only its own quotes make it end. */
const note = fc.array(fc.constantFrom('a', 'é', '証', ' ', ',', '""', '\r\n', '\n', '\r'), { maxLength: 6 });
const goodRow = fc
  .tuple(fc.constantFrom('c', '"c"', ' "c" ', '"c,""1"""', ' ç ', '証'), note)
  .map(([id, parts]) => {
    const text = `${id},"m, ""1""",2027-01-31,"n${parts.join('')}n"`;
    return piece('good', text, text.split(/\r\n|\n|\r/).length);
  });
/** Each opens its quotes in a column of ours: what a later quote closes holds a line end, and is no id and no date. */
const badRow = fc
  .constantFrom(
    ...['"c,m,2027-01-31,n', 'c,"m,2027-01-31,n', 'c,m,"2027-01-31,n', '"', '"c,"m,2027-01-31,"n'],
    ...[
      '"c"x,m,2027-01-31,n',
      'c"1,m,2027-01-31,n',
      'c,m",2027-01-31,n',
      'c,m,2027-01-31,n"',
      '""c",m,2027-01-31,n',
    ],
    ...['c,m', 'c,m,2027-01-31,n,n', 'c,,2027-01-31,n', 'c,m,never,', ',,,', '"c""",m'],
  )
  .map((text) => piece('bad', text));
const badBytes = fc.constantFrom(
  LATIN1,
  Buffer.from([0xff]),
  Buffer.from([0x22, 0xc3]),
  Buffer.from([0xe2, 0x82]),
);

const record = (id: string): string =>
  JSON.stringify({ certification_id: id, mentor_id: 'm', expires_at: '2027-01-31', note: '"\u2028' });
const goodJson = fc.constantFrom('c', 'é', '証', 'a"b', 'a\u2028b').map((id) => piece('good', record(id)));
const badJson = fc
  .constantFrom('{', '"', 'c,m', `${record('c')}\r${record('d')}`, `${record('c')}\uFEFF`, '[]')
  .map((text) => piece('bad', text));

const tooLong = fc.constantFrom('', '"').map((start) => piece('bad', `${start}${'x'.repeat(1_000_001)}`));
const badText = badBytes.map((each) => piece('bad', each));

/** A long line takes a thousand times as long as the others. */
const oneOf = (good: fc.Arbitrary<Piece>, bad: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> =>
  fc.oneof(
    { weight: 30, arbitrary: good },
    { weight: 30, arbitrary: bad },
    { weight: 15, arbitrary: badText },
    { weight: 15, arbitrary: emptyLine },
    { weight: 1, arbitrary: tooLong },
  );

const FORMATS = {
  csv: {
    header: 'certification_id,mentor_id,expires_at,note\n',
    ends: fc.constantFrom('\n', '\r\n', '\r'),
    pieces: oneOf(goodRow, badRow),
  },
  jsonl: {
    header: '',
    ends: fc.constantFrom('\n', '\r\n'),
    pieces: oneOf(goodJson, badJson),
  },
};

/** As the schema of a certification does, in short: an id is a text in one line. */
function toRecord(fields: unknown): Outcome<object> {
  const { certification_id, mentor_id, expires_at } = fields as Record<string, unknown>;
  const isGood = [certification_id, mentor_id].every((id) => typeof id === 'string' && !/[\r\n]/.test(id));
  return isGood && expires_at === '2027-01-31' ? { record: { certification_id } } : { fault: 'is bad' };
}

describe('a file of good records and faults in any order', () => {
  it.each(['csv', 'jsonl'] as const)(
    'loses no good record, and tells of each bad line: %s',
    async (format) => {
      const { header, ends, pieces } = FORMATS[format];
      const file = join(temporaryFolder(), `mixed.${format}`);
      const parts = fc.array(fc.tuple(pieces, ends), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(parts, async (each) => {
          writeFileSync(
            file,
            Buffer.concat([
              Buffer.from(header),
              // An LF behind the CR of the line before would belong to that.
              ...each.flatMap(([{ bytes }, end]) => [bytes, Buffer.from(bytes.length === 0 ? '\r\n' : end)]),
            ]),
          );
          const found: [is: string, line: number][] = [];
          for await (const line of readRecords(file, toRecord))
            found.push(['fault' in line ? 'bad' : 'good', line.line]);
          expect(found).toEqual(
            expectedOf(
              each.map(([only]) => only),
              header === '' ? 1 : 2,
            ),
          );
        }),
        { numRuns: 200 },
      );
    },
  );

  function expectedOf(each: Piece[], first: number): [is: string, line: number][] {
    let line = first;
    return each.flatMap(({ is, lines }) => {
      const begins = line;
      line += lines;
      return is === 'empty' ? [] : [[is, begins] satisfies [string, number]];
    });
  }
});
