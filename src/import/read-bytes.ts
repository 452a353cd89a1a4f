import { createReadStream } from 'node:fs';
import { ImportError } from './import-error.js';

/** So many bytes tell how a text is encoded: a header or a record begins with ASCII. */
const START = 64;
/** A mark of UTF-32 begins with the first of these, or is half zeros. */
const UTF16_MARKS = ['fffe', 'feff'];
const UTF8_MARK = 'efbbbf';

/**
 * The bytes of a file that is to be text in UTF-8, without the byte order mark at its start. Streams.
 * @throws ImportError when the file cannot be read, or is in UTF-16 or UTF-32 as it seems
 */
export async function* readBytes(file: string): AsyncGenerator<Uint8Array> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunksOf(file)) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < START) continue;
    yield withoutMark(start, file);
    start = undefined;
  }
  if (start !== undefined) yield withoutMark(start, file);
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Buffer;
  } catch (error) {
    throw new ImportError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function withoutMark(start: Buffer, file: string): Uint8Array {
  if (UTF16_MARKS.includes(start.toString('hex', 0, 2)) || hasWideCharacters(start.subarray(0, START))) {
    throw new ImportError(`${file}: seems to be in UTF-16 or UTF-32; it must be in UTF-8`);
  }
  return start.toString('hex', 0, 3) === UTF8_MARK ? start.subarray(3) : start;
}

/** ASCII has a zero in every other byte of UTF-16, and three of four in UTF-32; a damaged disk leaves nothing but zeros. */
function hasWideCharacters(sample: Buffer): boolean {
  const zeros = sample.filter((byte) => byte === 0).length;
  return zeros * 4 >= sample.length && zeros < sample.length;
}
