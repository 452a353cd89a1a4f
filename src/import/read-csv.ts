import { ImportError } from './import-error.js';
import { readBytes } from './read-bytes.js';
import { readLines } from './read-lines.js';
import { readRows, type Line } from './read-rows.js';

const COLUMNS = ['certification_id', 'mentor_id', 'expires_at', 'expires_in_days'];

/**
 * The records of a CSV file, whose first row names the columns; of these only ours are read. Streams.
 * @throws ImportError
 */
export async function* readCsv<T extends object>(
  file: string,
  toRecord: (fields: object) => T | string,
): AsyncGenerator<Line<T>> {
  let header: string[] | undefined;
  const takeRow = (cells: string[]): T | string | undefined => {
    if (header === undefined) {
      header = checkedHeader(cells, file);
      return undefined;
    }
    if (cells.length !== header.length) {
      return `has ${cells.length} columns, the header has ${header.length}`;
    }
    return toRecord(fieldsOf(cells, header));
  };
  for await (const line of readRows(readLines(readBytes(file), { cr: true }), takeRow)) {
    if ('fault' in line && header === undefined) {
      throw new ImportError(`${file}: the header cannot be read: line ${line.line} ${line.fault}`);
    }
    yield line;
  }
  if (header === undefined) throw new ImportError(`${file}: is empty; the first line must be a header`);
}

/** An empty cell is a value that is missing. */
function fieldsOf(cells: string[], header: string[]): object {
  const fields: Record<string, string | undefined> = {};
  for (const column of COLUMNS) {
    const index = header.indexOf(column);
    if (index !== -1) fields[column] = cells[index] === '' ? undefined : cells[index];
  }
  return fields;
}

function checkedHeader(cells: string[], file: string): string[] {
  const header = cells.map((cell) => cell.trim());
  const missing = ['certification_id', 'mentor_id'].filter((column) => !header.includes(column));
  if (!header.includes('expires_at') && !header.includes('expires_in_days')) missing.push('expires_at');
  if (missing.length > 0) {
    throw new ImportError(
      `${file}: the header lacks ${missing.join(', ')}; it must name certification_id, mentor_id, expires_at` +
        separatorHint(header),
    );
  }
  const seen = new Set<string>();
  for (const column of header) {
    // Columns without a name are what spreadsheets leave at the end of a row.
    if (column !== '' && seen.has(column)) {
      throw new ImportError(`${file}: the header names the column ${JSON.stringify(column)} twice`);
    }
    seen.add(column);
  }
  return header;
}

function separatorHint(header: string[]): string {
  const other = /[;\t|]/.exec(header.join())?.[0];
  if (other === undefined) return '';
  const shown = other === '\t' ? 'tabs' : other;
  return `; is the separator a comma? Columns are separated by a comma, this header seems to use ${shown}`;
}
