import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLines, type TextLine } from '../../../src/import/read-lines.js';

async function linesOf(chunks: readonly string[]): Promise<TextLine[]> {
  async function* source(): AsyncGenerator<string> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  const lines: TextLine[] = [];
  for await (const line of readLines(source())) lines.push(line);
  return lines;
}

describe('the lines of a text', () => {
  it('are the same, however it comes in chunks', async () => {
    const pieces = fc.array(fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', ''), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const text = chunks.join('');
        const expected = text.split(/\r\n|\n|\r/);
        if (expected.at(-1) === '') expected.pop();
        const found = await linesOf(chunks);
        expect(found.map((each) => each.text)).toEqual(expected);
        expect(found.map(({ line }) => line)).toEqual(expected.map((_, index) => index + 1));
      }),
    );
  });

  it('are passed over where they are too long, and those around them are not', async () => {
    const long = Array.from({ length: 600 }, () => 'x'.repeat(1_000_000));
    expect(await linesOf(['before\n', ...long, '\nafter'])).toEqual([
      { line: 1, text: 'before' },
      { line: 2, text: undefined },
      { line: 3, text: 'after' },
    ]);
    expect(await linesOf(long)).toEqual([{ line: 1, text: undefined }]);
  });
});
