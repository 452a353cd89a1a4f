/** A line of a text, or why it is none of ours; numbered from 1. */
export type TextLine = { line: number; text: string } | { line: number; fault: string };

/** Which bytes end a line, besides LF and CR LF: a CR alone does so in CSV, but not in JSON lines. */
export interface LineEnds {
  cr: boolean;
}

export const MOST_CHARACTERS = 1_000_000;
export const TOO_LONG = `has more than ${MOST_CHARACTERS} characters`;
/** UTF-8 takes at most three bytes for each UTF-16 unit. */
const MOST_BYTES = 3 * MOST_CHARACTERS;

const LF = 0x0a;
const CR = 0x0d;

/**
 * The lines of a text in UTF-8. Each is decoded by itself, so that bytes that are no UTF-8 spoil their own line alone, and
 * are never replaced. Memory stays bounded whatever comes: a file without a line end would not fit into one string.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { cr }: LineEnds,
): AsyncGenerator<TextLine> {
  const begun = createBegunLine();
  let line = 1;
  let afterCr = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    // The CR at the end of the last chunk has ended its line.
    let from = afterCr && chunk[0] === LF ? 1 : 0;
    afterCr = cr && chunk.at(-1) === CR;
    const nextLf = placesOf(chunk, LF);
    const nextCr = cr ? placesOf(chunk, CR) : () => Infinity;
    for (let end = Math.min(nextLf(from), nextCr(from)); end < chunk.length;) {
      yield { line: line++, ...begun.end(chunk.subarray(from, end), !cr) };
      from = end + (chunk[end] === CR && chunk[end + 1] === LF ? 2 : 1);
      end = Math.min(nextLf(from), nextCr(from));
    }
    begun.take(chunk.subarray(from));
  }
  if (begun.isUnderWay()) yield { line, ...begun.end(new Uint8Array(), false) };
}

/** @returns a search for a byte that goes over the chunk once; Infinity where there is none any more */
function placesOf(chunk: Uint8Array, byte: number): (from: number) => number {
  let next = -1;
  return (from) => {
    if (next < from) {
      const found = chunk.indexOf(byte, from);
      next = found === -1 ? Infinity : found;
    }
    return next;
  };
}

/** The bytes of a line until it ends; those of one that is too long are not kept. */
function createBegunLine() {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let parts: Uint8Array[] = [];
  let length = 0;

  function take(part: Uint8Array): void {
    length += part.length;
    if (length > MOST_BYTES) parts = [];
    else if (part.length > 0) parts.push(part);
  }

  function decode(bytes: Uint8Array): { text: string } | { fault: string } {
    try {
      const text = decoder.decode(bytes);
      return text.length > MOST_CHARACTERS ? { fault: TOO_LONG } : { text };
    } catch {
      return { fault: 'is no text in UTF-8' };
    }
  }

  return {
    take,
    isUnderWay: () => length > 0,
    /** Takes the last part. `withoutCr`: a CR at the end of the line belongs to its end. */
    end(part: Uint8Array, withoutCr: boolean): { text: string } | { fault: string } {
      take(part);
      const bytes = parts.length === 1 ? (parts[0] ?? part) : Buffer.concat(parts);
      const isTooLong = length > MOST_BYTES;
      parts = [];
      length = 0;
      if (isTooLong) return { fault: TOO_LONG };
      return decode(withoutCr && bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes);
    },
  };
}
