import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportError } from '../../../src/import/import-error.js';
import { createImportBench, HEADER, type ImportBench } from './import-fixture.js';

let bench: ImportBench;

beforeEach(() => {
  bench = createImportBench();
});

afterEach(() => bench.registry.close());

const json = (id: string): string =>
  JSON.stringify({ certification_id: id, mentor_id: 'm', expires_at: '2027-01-31' });
const UMLAUTS = {
  csv: [HEADER, 'käthe,m,2027-01-31', 'köthe,m,2027-01-31', 'c3,m,2027-01-31'],
  jsonl: [json('c0'), json('käthe'), json('köthe'), json('c3')],
};

const utf32 = (text: string): Buffer =>
  Buffer.from(Uint32Array.from(Array.from(text), (each) => each.codePointAt(0) ?? 0).buffer);

describe.each(['csv', 'jsonl'] as const)('a %s that is not in UTF-8', (format) => {
  const lines = UMLAUTS[format];

  it('gives away no record: its lines are bad, and nothing is removed', async () => {
    await bench.importText(`right.${format}`, lines);
    const before = await bench.records();
    const latin1 = Buffer.from(lines.join('\n'), 'latin1');
    const { bad, removed, faults } = await bench.importText(`latin1.${format}`, latin1, true);
    expect([bad, removed]).toEqual([2, undefined]);
    expect(faults).toEqual([
      [2, 'is no text in UTF-8'],
      [3, 'is no text in UTF-8'],
    ]);
    expect((await bench.records()).sort()).toEqual(before.sort());
  });

  it.each<[string, (text: string) => Buffer]>([
    ['UTF-16 with its mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, the other way round', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 without a mark, the other way round', (text) => Buffer.from(text, 'utf16le').swap16()],
    ['UTF-32', utf32],
    ['UTF-32 with its mark', (text) => utf32(`\uFEFF${text}`)],
    ['UTF-32, the other way round', (text) => utf32(`\uFEFF${text}`).swap32()],
    ['nothing but the mark of UTF-32, the other way round', () => utf32('\uFEFF').swap32()],
    ['nothing but the mark of UTF-16', () => Buffer.from([0xff, 0xfe])],
  ])('is refused as a whole: %s', async (_, encode) => {
    const importing = bench.importText(`wide.${format}`, encode(lines.join('\n')));
    await expect(importing).rejects.toThrow(ImportError);
    await expect(importing).rejects.toThrow(/seems to be in UTF-16 or UTF-32/);
    expect(await bench.records()).toHaveLength(0);
  });

  it('is not taken for UTF-16 because of a zero', async () => {
    const outcome = await bench.importText(`zero.${format}`, lines.join('\n').replace('c3', 'c\u0000'));
    expect(outcome).toMatchObject({ imported: lines.length - (format === 'csv' ? 2 : 1), bad: 1 });
  });
});

describe('a byte order mark', () => {
  it.each([
    ['start.csv', `\uFEFF${HEADER}\nc1,m,2027-01-31`, 1],
    ['quoted.csv', `\uFEFF"certification_id",mentor_id,expires_at\nc1,m,2027-01-31`, 1],
    ['start.jsonl', `\uFEFF${json('c1')}`, 1],
    ['alone.jsonl', '\uFEFF', 0],
  ])('is dropped at the start of a file: %s', async (name, text, imported) => {
    expect(await bench.importText(name, text)).toMatchObject({ imported, bad: 0 });
  });

  it('is dropped nowhere else', async () => {
    const text = [`\uFEFF\uFEFF${json('c1')}`, `\uFEFF${json('c2')}`, json('c3')];
    expect((await bench.importText('more.jsonl', text)).faults).toEqual([
      [1, 'is no valid JSON'],
      [2, 'is no valid JSON'],
    ]);
    await expect(bench.importText('alone.csv', '\uFEFF')).rejects.toThrow(/is empty/);
  });
});
