import { extname } from 'node:path';
import { ImportError } from './import-error.js';
import type { Line, Outcome } from './outcome.js';
import { readBytes } from './read-bytes.js';
import { readCsv } from './read-csv.js';
import { readLines } from './read-lines.js';

/**
 * The records of a CSV file (with a header) or of JSON lines, by the file extension. `toRecord` makes a record of what was
 * read, or says why it is none. Streams.
 * @param onUnread called with the names of a CSV file's columns that are not ours, if there are any
 * @throws ImportError
 */
export function readRecords<T>(
  file: string,
  toRecord: (fields: unknown) => Outcome<T>,
  onUnread?: (columns: string[]) => void,
): AsyncIterable<Line<T>> {
  switch (extname(file).toLowerCase()) {
    case '.csv':
      return readCsv(file, toRecord, onUnread);
    case '.jsonl':
    case '.ndjson':
      return readJsonLines(file, toRecord);
    default:
      throw new ImportError(`${file}: the name must end in .csv, .jsonl or .ndjson`);
  }
}

/** Blanks as JSON has them. */
const BLANK = /^[ \t\r]*$/;

async function* readJsonLines<T>(
  file: string,
  toRecord: (fields: unknown) => Outcome<T>,
): AsyncGenerator<Line<T>> {
  for await (const next of readLines(readBytes(file), { cr: false })) {
    if ('fault' in next) {
      yield next;
      continue;
    }
    const { line, text } = next;
    if (BLANK.test(text)) continue;
    yield { line, ...readJson(text, toRecord) };
  }
}

function readJson<T>(text: string, toRecord: (fields: unknown) => Outcome<T>): Outcome<T> {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return { fault: 'is no valid JSON' };
  }
  return toRecord(fields);
}
