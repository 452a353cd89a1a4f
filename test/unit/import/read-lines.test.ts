import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLines, type LineEnds, type TextLine } from '../../../src/import/read-lines.js';

async function linesOf(chunks: readonly (string | Uint8Array)[], ends: LineEnds): Promise<TextLine[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk as string));
  }
  const lines: TextLine[] = [];
  for await (const line of readLines(source(), ends)) lines.push(line);
  return lines;
}

const CSV: LineEnds = { cr: true };
const JSON_LINES: LineEnds = { cr: false };

describe('the lines of a text', () => {
  const pieces = fc.array(
    fc.constantFrom('a', 'bc', 'é', '証', '\u{1F4C5}', '\uFEFF', '\u2028', '\u0085', '\n', '\r', '\r\n'),
    { maxLength: 30 },
  );
  const borders = fc.array(fc.nat(60), { maxLength: 5 });

  it.each([
    ['LF, CR LF or CR', CSV, /\r\n|\n|\r/],
    ['LF or CR LF alone', JSON_LINES, /\r?\n/],
  ])('end with %s, wherever the chunks end', async (_, ends, lineEnd) => {
    await fc.assert(
      fc.asyncProperty(pieces, borders, async (parts, at) => {
        const text = parts.join('');
        const expected = text.split(lineEnd);
        if (expected.at(-1) === '') expected.pop();
        const bytes = Buffer.from(text);
        const cuts = [0, ...at.sort((a, b) => a - b), bytes.length];
        const chunks = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
        expect(await linesOf(chunks, ends)).toEqual(
          expected.map((each, index) => ({ line: index + 1, text: each })),
        );
      }),
    );
  });

  it('are passed over where they are too long, and those around them are not', async () => {
    const long = Array.from({ length: 600 }, () => 'x'.repeat(1_000_000));
    const fault = 'has more than 1000000 characters';
    expect(await linesOf(['before\n', ...long, '\nafter'], CSV)).toEqual([
      { line: 1, text: 'before' },
      { line: 2, fault },
      { line: 3, text: 'after' },
    ]);
    expect(await linesOf(long, JSON_LINES)).toEqual([{ line: 1, fault }]);
  });

  it('may have a million characters of any length in bytes', async () => {
    const text = '証'.repeat(1_000_000);
    expect(await linesOf([text, '\n', text, 'x'], CSV)).toEqual([
      { line: 1, text },
      { line: 2, fault: 'has more than 1000000 characters' },
    ]);
  });

  it.each([
    ['Latin-1', [0x6b, 0xe4, 0x74]],
    ['the end of a sequence alone', [0x80]],
    ['the start of a sequence alone', [0xe2, 0x82]],
    ['a sequence that is too long for its character', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character beyond the last', [0xf5, 0x80, 0x80, 0x80]],
  ])('that are no UTF-8 are bad by themselves: %s', async (_, bytes) => {
    expect(await linesOf(['before\n', Buffer.from(bytes), '\nafter\n', Buffer.from(bytes)], CSV)).toEqual([
      { line: 1, text: 'before' },
      { line: 2, fault: 'is no text in UTF-8' },
      { line: 3, text: 'after' },
      { line: 4, fault: 'is no text in UTF-8' },
    ]);
  });
});
