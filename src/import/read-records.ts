import { extname } from 'node:path';
import { ImportError } from './import-error.js';
import { readBytes } from './read-bytes.js';
import { readCsv } from './read-csv.js';
import { readLines } from './read-lines.js';
import type { Line } from './read-rows.js';

/**
 * The records of a CSV file (with a header) or of JSON lines, by the file extension. `toRecord` makes a record of what was
 * read, or says why it is none. Streams.
 * @throws ImportError
 */
export function readRecords<T extends object>(
  file: string,
  toRecord: (fields: unknown) => T | string,
): AsyncIterable<Line<T>> {
  switch (extname(file).toLowerCase()) {
    case '.csv':
      return readCsv(file, toRecord);
    case '.jsonl':
    case '.ndjson':
      return readJsonLines(file, toRecord);
    default:
      throw new ImportError(`${file}: the name must end in .csv, .jsonl or .ndjson`);
  }
}

/** Blanks as JSON has them. */
const BLANK = /^[ \t\r]*$/;

async function* readJsonLines<T extends object>(
  file: string,
  toRecord: (fields: unknown) => T | string,
): AsyncGenerator<Line<T>> {
  for await (const next of readLines(readBytes(file), { cr: false })) {
    if ('fault' in next) {
      yield next;
      continue;
    }
    const { line, text } = next;
    if (BLANK.test(text)) continue;
    const record = readJson(text, toRecord);
    yield typeof record === 'string' ? { line, fault: record } : { line, record };
  }
}

function readJson<T>(text: string, toRecord: (fields: unknown) => T | string): T | string {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return 'is no valid JSON';
  }
  return toRecord(fields);
}
