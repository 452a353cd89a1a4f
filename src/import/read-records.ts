import { parse as csvParser } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { readLines, TOO_LONG } from './read-lines.js';

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
    on_skip: (error) => {
      faults.push({
        line: Number(error?.lines ?? 0),
        record: undefined,
        fault: error?.message ?? 'cannot be read',
      });
      return undefined;
    },
  });
  const source = Readable.from(
    shortLines(file, (line) => faults.push({ line, record: undefined, fault: TOO_LONG })),
  );
  source.on('error', (error) => parser.destroy(error));
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

const BLOCK_CHARACTERS = 65_536;

/** An empty line stands for one that is too long, so that those behind it keep their numbers. */
async function* shortLines(file: string, onTooLong: (line: number) => void): AsyncGenerator<string> {
  let block = '';
  for await (const { line, text } of readLines(textOf(file))) {
    if (text === undefined) onTooLong(line);
    block += `${text ?? ''}\n`;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield block;
    block = '';
  }
  yield block;
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
  for await (const { line, text } of readLines(textOf(file))) {
    if (text === undefined) yield { line, record: undefined, fault: TOO_LONG };
    else yield* readJsonLine(text, line);
  }
}

/** @throws ImportError */
async function* textOf(file: string): AsyncGenerator<string> {
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) yield chunk as string;
  } catch (error) {
    throw unreadable(file, error as Error);
  }
}

function* readJsonLine(text: string, line: number): Generator<Line> {
  const trimmed = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
  if (trimmed === '') return;
  try {
    yield { line, record: JSON.parse(trimmed) as unknown };
  } catch {
    yield { line, record: undefined, fault: 'is no valid JSON' };
  }
}
