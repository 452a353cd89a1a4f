import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImportBench, HEADER, type ImportBench, type Outcome } from './import-fixture.js';

let bench: ImportBench;

beforeEach(() => {
  bench = createImportBench();
});

afterEach(() => bench.registry.close());

const good = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `c${index + 1},m${index},2027-01-31`);
const importLines = (lines: string[]): Promise<Outcome> => bench.importText('quotes.csv', [HEADER, ...lines]);

describe('a quote where none belongs', () => {
  it.each([
    ['opens a value and is not closed', '"c0,m0,2027-01-31', /quote/],
    ['opens the last value', 'c0,m0,"2027-01-31', /quote/],
    ['stands alone', '"', /quote/],
    ['closes before the end of a value', '"c0"x,m0,2027-01-31', /"x" behind a closing quote/],
    ['is in the middle of a value', 'c"0,m0,2027-01-31', /quote inside a value/],
    ['ends a value', 'c0",m0,2027-01-31', /quote inside a value/],
    ['closes before an emoji', '"c0"\u{1F4C5},m0,2027-01-31', /"\u{1F4C5}" behind a closing quote/u],
    ['closes before a control character', '"c0"\u009b,m0,2027-01-31', /"\\u009b" behind a closing quote/],
    ['closes before a mark of direction', '"c0"\u202e,m0,2027-01-31', /"\\u202e" behind a closing quote/],
    ['is one of three', '"c"0",m0,2027-01-31', /"0" behind a closing quote/],
  ])('costs its own row alone: it %s', async (_, stray, reason) => {
    for (const place of [0, 7, 20]) {
      const outcome = await importLines(good(20).toSpliced(place, 0, stray));
      expect(outcome).toMatchObject({ imported: 20, bad: 1 });
      expect(outcome.faults).toEqual([[place + 2, expect.stringMatching(reason)]]);
    }
    expect(await bench.records()).toHaveLength(20);
  });

  it('is found by the rows with quotes behind it, which stay', async () => {
    const quoted = ['"c1","m ""1""",2027-01-31', 'c2,"m,2",2027-01-31'];
    const outcome = await importLines(['c0,"m0,2027-01-31', ...quoted, '"c0,m0,2027-01-31', ...quoted]);
    expect(outcome.faults.map(([line]) => line)).toEqual([2, 5]);
    expect(await bench.records()).toEqual(['c1 | m "1" | 2027-01-31', 'c2 | m,2 | 2027-01-31']);
  });

  it.each([
    ['has too many columns', ['"c0,m0,2027-01-31', 'x,m,2027-01-31",m,2027-01-31,x']],
    ['has an id over two lines', ['"c0,m0,2027-01-31', 'x",m,2027-01-31']],
    ['has a date over two lines', ['c0,m0,"2027-01-31', '"']],
  ])('is told once, where the row begins that %s', async (_, [first = '', last = '']) => {
    const outcome = await importLines([first, ...good(3), last, 'c9,m9,2027-01-31']);
    expect(outcome.imported).toBe(4);
    expect(outcome.faults.map(([line]) => line)).toEqual([2, 6]);
    expect(outcome.faults[0]?.[1]).toMatch(/read as a row of 5 lines|quote/);
  });

  it('leaves a row over several lines as it is where that is good', async () => {
    const outcome = await bench.importText('notes.csv', [
      `note,${HEADER}`,
      '"one",c1,m1,2027-01-31',
      '"stray,c0,m0,2027-01-31',
      '"two',
      '',
      '""lines"", or more" , "c2",m2,2027-01-31',
      '"never closed,c0,m0,2027-01-31',
      'three,c3,m3,2027-01-31',
    ]);
    expect(outcome.faults.map(([line]) => line)).toEqual([3, 7]);
    expect(outcome.imported).toBe(3);
  });

  it('is given up at a line that cannot be read, and beyond a million characters', async () => {
    const wide = good(120).map((row) => row.padEnd(10_000));
    const lines = ['"a,m,2027-01-31', ...good(3), 'x'.repeat(1_000_001), '"b,m,2027-01-31', ...wide];
    const outcome = await importLines([...lines, 'c0,m0,never']);
    expect(outcome.imported).toBe(123);
    expect(outcome.faults).toEqual([
      [2, 'opens a quote that is not closed'],
      [6, 'has more than 1000000 characters'],
      [7, 'opens a quote that is not closed within 10000 lines or 1000000 characters'],
      [128, expect.stringContaining('expires_at')],
    ]);
  });
});
