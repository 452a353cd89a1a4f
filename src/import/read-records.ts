import { parse as csvParser } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Transform } from 'node:stream';

/** The file cannot be read as a whole: its format or header is wrong. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** One line of a file. */
export interface Line {
  line: number;
  record: unknown;
  /** Why there is no record. */
  fault?: string;
}

const MAX_LINE_CHARACTERS = 1_000_000;

/**
 * The records of a CSV file (with a header) or of JSON lines, by the file extension. Streams.
 * @throws ImportError
 */
export function readRecords(file: string): AsyncIterable<Line> {
  switch (extname(file).toLowerCase()) {
    case '.csv':
      return readCsv(file);
    case '.jsonl':
    case '.ndjson':
      return readJsonLines(file);
    default:
      throw new ImportError(`${file}: the name must end in .csv, .jsonl or .ndjson`);
  }
}

interface CsvRow {
  info: { lines: number };
  record: string[];
}

async function* readCsv(file: string): AsyncGenerator<Line> {
  const faults: Line[] = [];
  const parser: Transform = csvParser({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    max_record_size: MAX_LINE_CHARACTERS,
    on_skip: (error) => {
      faults.push({
        line: Number(error?.lines ?? 0),
        record: undefined,
        fault: error?.message ?? 'cannot be read',
      });
      return undefined;
    },
  });
  const source = createReadStream(file);
  source.on('error', (error) => parser.destroy(unreadable(file, error)));
  source.pipe(parser);
  let header: string[] | undefined;
  for await (const { info, record } of parser as AsyncIterable<CsvRow>) {
    yield* faults.splice(0);
    if (header === undefined) {
      header = checkedHeader(record, file);
    } else if (record.length !== header.length) {
      yield {
        line: info.lines,
        record: undefined,
        fault: `has ${record.length} columns, the header has ${header.length}`,
      };
    } else {
      // An empty cell is a value that is missing.
      const cells = header.map((column, index) => [column, record[index] === '' ? undefined : record[index]]);
      yield { line: info.lines, record: Object.fromEntries(cells) };
    }
  }
  yield* faults;
  if (header === undefined) throw new ImportError(`${file}: is empty; the first line must be a header`);
}

function unreadable(file: string, error: Error): ImportError {
  return new ImportError(`${file}: ${error.message}`, { cause: error });
}

function checkedHeader(header: string[], file: string): string[] {
  const missing = ['certification_id', 'mentor_id'].filter((column) => !header.includes(column));
  if (!header.includes('expires_at') && !header.includes('expires_in_days')) missing.push('expires_at');
  if (missing.length === 0) return header;
  throw new ImportError(
    `${file}: the header lacks ${missing.join(', ')}; it must name certification_id, mentor_id, expires_at`,
  );
}

async function* readJsonLines(file: string): AsyncGenerator<Line> {
  const source = createReadStream(file, { encoding: 'utf8' });
  const lines = createInterface({ input: source, crlfDelay: Infinity });
  // readline passes the errors of its input on in some versions of Node only.
  let failure: Error | undefined;
  source.once('error', (error) => {
    failure = error;
    lines.close();
  });
  try {
    let line = 0;
    for await (const text of lines) yield* readJsonLine(text, ++line);
  } catch (error) {
    failure ??= error as Error;
  }
  if (failure !== undefined) throw unreadable(file, failure);
}

function* readJsonLine(text: string, line: number): Generator<Line> {
  const trimmed = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
  if (trimmed === '') return;
  if (trimmed.length > MAX_LINE_CHARACTERS) {
    yield { line, record: undefined, fault: `has more than ${MAX_LINE_CHARACTERS} characters` };
    return;
  }
  try {
    yield { line, record: JSON.parse(trimmed) as unknown };
  } catch {
    yield { line, record: undefined, fault: 'is no valid JSON' };
  }
}
