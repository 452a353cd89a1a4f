import { describe, expect, it } from '@jest/globals';
import type { TextLine } from '../../../src/import/read-lines.js';
import { readRows, type Judged } from '../../../src/import/read-rows.js';

/** @returns how many rows of these lines were taken, and which lines are bad */
async function rowsOf(
  count: number,
  lineOf: (index: number) => string,
  isGood: (cells: string[]) => boolean = isGoodAlone,
): Promise<{ taken: number; bad: number[] }> {
  async function* lines(): AsyncGenerator<TextLine> {
    for (let index = 0; index < count; index++)
      yield await Promise.resolve({ line: index + 1, text: lineOf(index) });
  }
  let taken = 0;
  const bad: number[] = [];
  const judge = (cells: string[]): Judged<string[]> =>
    isGood(cells) ? { record: cells } : { fault: 'is bad' };
  for await (const row of readRows(lines(), { judge, holdsRecord: isGood })) {
    if ('fault' in row) bad.push(row.line);
    else taken++;
  }
  return { taken, bad };
}

const isGoodAlone = (cells: string[]): boolean =>
  cells.length === 3 && !cells.some((cell) => cell.includes('\n'));

const MANY = 20_000;

describe('twenty thousand lines', () => {
  it('are kept behind a stray quote', async () => {
    const rows = await rowsOf(MANY + 1, (index) => (index === 0 ? '"c0"x,m0,2027-01-31' : 'c,m,2027-01-31'));
    expect(rows).toEqual({ taken: MANY, bad: [1] });
  });

  it.each<[string, (index: number) => string]>([
    ['open a quote', () => '"c,m,2027-01-31'],
    ['open a quote at their end', () => 'c,m,2027-01-31,"'],
    ['open a quote that the next one closes', () => 'c,",d'],
    ['hold pairs of quotes, and some open one', (index) => (index % 50 === 0 ? '"a' : '""b""')],
    [
      'hold pairs of quotes behind one with many cells',
      (index) => (index === 0 ? `${','.repeat(20_000)}"` : '""'),
    ],
    ['hold cells in quotes behind an open one', (index) => (index === 0 ? 'x,"' : '",,"')],
  ])('take time in proportion when they %s', async (_, lineOf) => {
    const started = performance.now();
    expect((await rowsOf(MANY, lineOf)).bad).toHaveLength(MANY);
    // Minutes, if each line were looked through with all behind it.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

const isNoted = (cells: string[]): boolean => cells[0] === 'c' && cells[1] === 'm';

describe('a row over several lines', () => {
  it.each([
    [10_000, { taken: 1, bad: [] }],
    [10_001, { taken: 0, bad: [1, 10_001] }],
  ])('is read up to its limit: %i lines', async (count, expected) => {
    const lineOf = (index: number): string => (index === 0 ? 'c,m,"' : index === count - 1 ? '"' : '');
    expect(await rowsOf(count, lineOf, isNoted)).toEqual(expected);
  });

  it.each<[string, (index: number) => string, { taken: number; bad: number }]>([
    ['the next one', () => 'c,m,"', { taken: 0, bad: MANY }],
    ['the last one', (index) => (index % 5_000 === 0 ? 'c,m,"' : 'c,m,'), { taken: MANY - 4, bad: 4 }],
  ])('is looked through in a time in proportion when it ends at %s', async (_, lineOf, expected) => {
    const started = performance.now();
    const { taken, bad } = await rowsOf(MANY, lineOf, isNoted);
    expect({ taken, bad: bad.length }).toEqual(expected);
    // Minutes, if each line were looked through with all behind it.
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('may have many cells that go on over line ends', async () => {
    const commas = ','.repeat(400_000);
    const lineOf = (index: number): string =>
      index === 0 ? 'c,m,"' : index === 9_999 ? `"${commas}` : '","';
    const started = performance.now();
    expect(await rowsOf(10_000, lineOf, isNoted)).toEqual({ taken: 1, bad: [] });
    // Minutes, if each line were looked through with all behind it.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
