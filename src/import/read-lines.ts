/** A line of a text; `text` is undefined where it is too long to be one of ours. */
export interface TextLine {
  line: number;
  text: string | undefined;
}

const MOST_CHARACTERS = 1_000_000;
export const TOO_LONG = `has more than ${MOST_CHARACTERS} characters`;

/**
 * The lines of a text, which end with LF, CR LF or CR. Memory stays bounded whatever comes: a file without a line end
 * would not fit into one string (V8: 512 MiB).
 */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<TextLine> {
  let line = 1;
  let begun = '';
  let isTooLong = false;
  let endsWithCr = false;

  function take(part: string): void {
    isTooLong ||= begun.length + part.length > MOST_CHARACTERS;
    begun = isTooLong ? '' : begun + part;
  }

  function isUnderWay(): boolean {
    return begun !== '' || isTooLong;
  }

  function end(): TextLine {
    const ended = { line: line++, text: isTooLong ? undefined : begun };
    begun = '';
    isTooLong = false;
    return ended;
  }

  for await (const chunk of chunks) {
    if (chunk === '') continue;
    // The CR at the end of the last chunk has ended its line.
    let from = endsWithCr && chunk.startsWith('\n') ? 1 : 0;
    endsWithCr = chunk.endsWith('\r');
    const lineEnd = /\r\n|\n|\r/g;
    lineEnd.lastIndex = from;
    for (let found = lineEnd.exec(chunk); found !== null; found = lineEnd.exec(chunk)) {
      take(chunk.slice(from, found.index));
      from = lineEnd.lastIndex;
      yield end();
    }
    take(chunk.slice(from));
  }
  if (isUnderWay()) yield end();
}
