import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { importCertifications } from '../../../src/import/import-certifications.js';
import { ImportError } from '../../../src/import/import-error.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const OURS = ['certification_id', 'mentor_id', 'expires_at'];
/** Columns that may be there, with what each row has in them. */
const OPTIONAL = { type: 'first-aid', labels: 'a|b', status: 'withdrawn', renewable_from: '' };

/**
 * A record, whose columns that are not read are filled with these texts as they stand in the file; it is good, or has a stray
 * quote in one of these, or in its mentor. Or a bad line, which is the text.
 */
interface Piece {
  is: 'good' | 'stray' | 'unclosed' | 'bad';
  notes: string[];
}

const harmless: fc.Arbitrary<string> = fc.constantFrom(
  '',
  'x',
  ' ',
  '"a,b"',
  '""',
  '"say ""hi"""',
  '"a, b, c, d"',
);
const textOverLines = fc
  .array(fc.constantFrom('a', ',', '""', '\n', ' ', 'b,c'), { maxLength: 5 })
  .chain((parts) => fc.nat(parts.length).map((at) => `"${parts.toSpliced(at, 0, '\n').join('')}"`));
const strayQuote = fc.constantFrom('"', '"x', 'x"', '"""', '"x""', '""x', '""x"', 'x""y"', '"x"y', '",');
/** Lines that are no record even without their quotes. */
const noRecord = fc.constantFrom('"', 'x"', ',,,', '""', 'c,m', ' ');

const pieceOf = (notes: number): fc.Arbitrary<Piece> => {
  const fillers = fc.array(harmless, { minLength: notes, maxLength: notes });
  const withOne = (is: Piece['is'], text: fc.Arbitrary<string>): fc.Arbitrary<Piece> =>
    fc
      .tuple(fillers, text, fc.nat(notes - 1))
      .map(([others, one, at]) => ({ is, notes: others.with(at, one) }));
  return fc.oneof(
    fillers.map((texts) => ({ is: 'good' as const, notes: texts })),
    withOne('good', textOverLines),
    { weight: 3, arbitrary: withOne('stray', strayQuote) },
    fillers.map((texts) => ({ is: 'unclosed' as const, notes: texts })),
    noRecord.map((text) => ({ is: 'bad' as const, notes: [text] })),
  );
};

const optionalColumns = fc.subarray(Object.keys(OPTIONAL));
const files = fc.tuple(fc.integer({ min: 1, max: 2 }), optionalColumns).chain(([count, optional]) => {
  const columns = [...OURS, ...optional, ...['note', 'remark'].slice(0, count)];
  const pieces = fc.array(pieceOf(count), { minLength: 1, maxLength: 8 });
  return fc.tuple(fc.shuffledSubarray(columns, { minLength: columns.length }), pieces);
});

/** @returns the values of the record that this piece is, all its own, and its text in the file */
function writtenPiece(header: string[], { is, notes }: Piece, index: number) {
  const values = [`c${index}`, `m${index}`, `2027-01-${String(index + 10)}`];
  const left = [...notes];
  const written = is === 'unclosed' ? values.with(1, `"m${index}`) : values;
  const optional: Readonly<Record<string, string>> = OPTIONAL;
  const cells = header.map(
    (column) => written[OURS.indexOf(column)] ?? optional[column] ?? left.shift() ?? '',
  );
  return { is, record: values.join(' | '), text: is === 'bad' ? (notes[0] ?? '') : cells.join(',') };
}

async function importText(text: string): Promise<{ taken: string[]; faults: number[]; reasons: string[] }> {
  const file = join(temporaryFolder(), 'notes.csv');
  writeFileSync(file, text);
  const taken: string[] = [];
  const faults: number[] = [];
  const reasons: string[] = [];
  const registry: Pick<CertificationRegistry, 'upsert'> = {
    upsert(records) {
      for (const each of records)
        taken.push([each.certification_id, each.mentor_id, each.expires_at].join(' | '));
      return Promise.resolve();
    },
  };
  await importCertifications(registry as CertificationRegistry, {
    file,
    replace: false,
    source: 'test',
    now: 0,
    onBadLine(line, reason) {
      faults.push(line);
      reasons.push(reason);
    },
    onProgress: () => undefined,
  });
  return { taken, faults, reasons };
}

const AMBIGUOUS = 'is ambiguous: line';

describe('a quote that another row closes', () => {
  const NOTES = `${OURS.join()},note`;
  const between = Array.from({ length: 8_000 }, (_, index) => `c${index},m,2027-01-31,`);

  it('is reported where rows are between, which are all taken', async () => {
    const lines = [NOTES, 'a,m,2027-01-31,"', ...between, 'z,m,2027-01-31,"', ''];
    const { taken, faults, reasons } = await importText(lines.join('\n'));
    expect([taken.length, faults]).toEqual([8_000, [2, 8_003]]);
    expect(reasons[0]).toMatch(/^is ambiguous: line 3 inside its quotes is a record by itself/);
  });

  it.each([
    ['the last column', NOTES, ['a,m,2027-01-31,"', 'z,m,2027-01-31,"']],
    ['the last column, with text', NOTES, ['a,m,2027-01-31,"', 'z,m,2027-01-31,text, more"']],
    ['the last column, with more quotes', NOTES, ['a,m,2027-01-31,"', 'z,m,2027-01-31,""text"']],
    ['the first column', `note,${OURS.join()}`, ['"text,a,m,2027-01-31', '",z,m,2027-01-31']],
    [
      'a column in the middle',
      'certification_id,note,mentor_id,expires_at',
      ['a,"text,m,2027-01-31', 'z,more, text",n,2027-02-28'],
    ],
    [
      'two columns',
      `${OURS.join()},note,remark`,
      ['a,m,2027-01-31,",', 'c,m,2027-01-31,",', 'z,m,2027-01-31,,"'],
    ],
  ])('is found on the next line as well: %s', async (_, header, lines) => {
    const { taken, reasons } = await importText([header, ...lines].join('\n'));
    expect(taken).toEqual([]);
    expect(reasons).toHaveLength(lines.length);
    expect(reasons[0]).toContain(AMBIGUOUS);
  });

  it.each([
    ['commas', `"Called, no answer\ntried again, twice, in vain, so far"`],
    ['quotes', `"see ""a, b"",\n""c""\n"`],
    ['empty lines', '"\n\n\n"'],
    ['dates', '"since\n2027-01-31\nx, 2027-01-31"'],
  ])('is none in a text over several lines, with %s', async (_, text) => {
    const rows = [`certification_id,note,mentor_id,expires_at,note 2`, `c1,${text},m,2027-01-31,${text}`];
    expect((await importText(rows.join('\n'))).taken).toHaveLength(1);
    const first = [`note,${OURS.join()}`, `${text},c1,m,2027-01-31`];
    expect((await importText(first.join('\n'))).taken).toHaveLength(1);
  });

  it.each([
    ['far away', `${OURS.join()},"note`, ['c1,m,2027-01-31,x', 'c2,m,2027-01-31,x', 'y"']],
    ['on the next line', `${OURS.join()},"`, ['c1,m,2027-01-31,"', 'c2,m,2027-01-31,x']],
  ])('in the header makes the file refused: %s', async (_, header, lines) => {
    const importing = importText([header, ...lines].join('\n'));
    await expect(importing).rejects.toThrow(ImportError);
    await expect(importing).rejects.toThrow(/header cannot be read: line 1 is ambiguous: line 2 inside/);
  });

  it('is none in a header with line ends', async () => {
    const header = `"Notes\n(internal)",${OURS.join()},"Remarks\n(a, b)"`;
    expect((await importText(`${header}\nx,c1,m,2027-01-31,y`)).taken).toHaveLength(1);
  });
});

describe('stray quotes in columns that are not read', () => {
  it('never take a record away without a word, wherever the columns are', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ([header, pieces]) => {
        const written = pieces.map((piece, index) => writtenPiece(header, piece, index));
        const { taken, faults } = await importText(
          [header.join(), ...written.map(({ text }) => text)].join('\n'),
        );
        const records = written
          .filter(({ is }) => is === 'good' || is === 'stray')
          .map(({ record }) => record);
        if (faults.length === 0) expect(taken.toSorted()).toEqual(records.toSorted());
        let line = 2;
        for (const { is, record, text } of written) {
          const begins = line;
          line += text.split('\n').length;
          if (is !== 'good' || taken.includes(record)) continue;
          expect(line - begins).toBeGreaterThan(1);
          expect(faults.some((fault) => fault >= begins && fault < line)).toBe(true);
        }
      }),
      { numRuns: 250 },
    );
  });
});
