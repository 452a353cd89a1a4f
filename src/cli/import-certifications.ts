import { parse as csvParser } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Transform } from 'node:stream';
import { certificationSchema } from '../expiry-check/certification.js';
import { civilDateOf, SECONDS_PER_DAY } from '../schedule/civil-time.js';
import type { Certification, CertificationRegistry } from '../ports/certification-registry.js';

export interface ImportOptions {
  file: string;
  /** Remove what is not in the file; left undone when a line is bad, because its record would be lost. */
  replace: boolean;
  /** Names this import among the sources of the registry. */
  source: string;
  /** Epoch milliseconds, for `expires_in_days`. */
  now: number;
  onBadLine: (line: number, reason: string) => void;
  /** Called after each batch with the records taken so far. */
  onProgress: (imported: number) => void;
}

export interface Imported {
  imported: number;
  bad: number;
  /** undefined when nothing was to be removed, or bad lines forbade it. */
  removed: number | undefined;
}

/** The file cannot be read as a whole: its format or header is wrong. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

interface Line {
  line: number;
  record: unknown;
  /** Why there is no record. */
  fault?: string;
}

const BATCH = 1_000;
const MAX_LINE_CHARACTERS = 1_000_000;

/**
 * Reads certifications from CSV (with a header) or JSON lines into the registry, as upserts, so that the same file may be
 * imported again. Streams: memory stays bounded. Good lines are kept whatever the others are like.
 */
export async function importCertifications(
  registry: CertificationRegistry,
  options: ImportOptions,
): Promise<Imported> {
  let batch: Certification[] = [];
  let imported = 0;
  let bad = 0;
  const flush = async (): Promise<void> => {
    await registry.upsert(batch, options.source);
    imported += batch.length;
    batch = [];
    options.onProgress(imported);
  };
  for await (const { line, record, fault } of readLines(options.file)) {
    const parsed = fault ?? toCertification(record, options.now);
    if (typeof parsed === 'string') {
      bad++;
      options.onBadLine(line, parsed);
      continue;
    }
    batch.push(parsed);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  const removed = options.replace && bad === 0 ? await registry.removeAllBut(options.source) : undefined;
  return { imported, bad, removed };
}

/** @returns the record, or the reason why it is none */
function toCertification(record: unknown, now: number): Certification | string {
  const dated = hasRelativeExpiry(record) ? withDate(record, now) : record;
  if (typeof dated === 'string') return dated;
  const parsed = certificationSchema.safeParse(dated);
  if (parsed.success) return parsed.data;
  return parsed.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')} ${message}`))
    .join('; ');
}

/** For example data that is to be useful on any day: `expires_in_days` after the day of the import (UTC), without `expires_at`. */
function hasRelativeExpiry(record: unknown): record is { expires_in_days: unknown } {
  if (typeof record !== 'object' || record === null || !('expires_in_days' in record)) return false;
  return !('expires_at' in record) || record.expires_at === undefined;
}

const MOST_DAYS = 36_500;

function withDate(record: { expires_in_days: unknown }, now: number): object | string {
  const given = record.expires_in_days;
  const days = typeof given === 'string' && /^[+-]?\d{1,5}$/.test(given) ? Number(given) : given;
  if (typeof days === 'number' && Number.isInteger(days) && Math.abs(days) <= MOST_DAYS) {
    return { ...record, expires_at: dateIn(days, now) };
  }
  return `expires_in_days must be a whole number from -${MOST_DAYS} to ${MOST_DAYS}`;
}

function dateIn(days: number, now: number): string {
  const { year, month, day } = civilDateOf(Math.floor(now / 1000 / SECONDS_PER_DAY) + days);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function readLines(file: string): AsyncIterable<Line> {
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
  // readline does not pass on the errors of its input.
  const failed = new Promise<never>((_resolve, reject) => {
    source.once('error', (error) => reject(unreadable(file, error)));
  });
  const lines = createInterface({ input: source, crlfDelay: Infinity })[Symbol.asyncIterator]();
  let line = 0;
  for (;;) {
    const next: IteratorResult<string, undefined> = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    const text = next.value;
    line++;
    const trimmed = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
    if (trimmed === '') continue;
    if (trimmed.length > MAX_LINE_CHARACTERS) {
      yield { line, record: undefined, fault: `has more than ${MAX_LINE_CHARACTERS} characters` };
      continue;
    }
    try {
      yield { line, record: JSON.parse(trimmed) as unknown };
    } catch {
      yield { line, record: undefined, fault: 'is no valid JSON' };
    }
  }
}
