import { MOST_LABELS } from '../expiry-check/certification.js';
import { ImportError } from './import-error.js';
import type { Line, Outcome } from './outcome.js';
import { quoted } from './quoted.js';
import { readBytes } from './read-bytes.js';
import { readLines } from './read-lines.js';
import { readRows, type Judged } from './read-rows.js';
import type { HoldsRecord } from './record-inside.js';

const COLUMNS = [
  ...['certification_id', 'mentor_id', 'expires_at', 'expires_in_days'],
  ...['type', 'labels', 'status', 'renewable_from', 'renewable_in_days'],
];

/**
 * The records of a CSV file, whose first row names the columns; of these only ours are read. Streams.
 * @param onUnread called with the names of the others, if there are any
 * @throws ImportError
 */
export async function* readCsv<T>(
  file: string,
  toRecord: (fields: object) => Outcome<T>,
  onUnread: (columns: string[]) => void = () => undefined,
): AsyncGenerator<Line<T>> {
  let width: number | undefined;
  let places: Places = new Map();
  const holdsRecord: HoldsRecord = (cells, from) => 'record' in toRecord(fieldsOf(cells, places, from));
  const judge = (cells: string[]): Judged<T> => {
    if (width === undefined) return { header: checkedHeader(cells, file) };
    if (cells.length !== width) return { fault: `has ${cells.length} columns, the header has ${width}` };
    return toRecord(fieldsOf(cells, places));
  };
  for await (const row of readRows(readLines(readBytes(file), { cr: true }), { judge, holdsRecord })) {
    if ('header' in row) {
      width = row.header.length;
      places = placesIn(row.header);
      const unread = row.header.filter((column) => column !== '' && !places.has(column));
      if (unread.length > 0) onUnread(unread);
    } else if ('fault' in row && width === undefined) {
      const fault = `line ${row.line} ${row.fault}${separatorHint(row.text)}`;
      throw new ImportError(`${file}: the header cannot be read: ${fault}`);
    } else {
      yield row;
    }
  }
  if (width === undefined) throw new ImportError(`${file}: is empty; the first line must be a header`);
}

/** Where our columns are, from 0. */
type Places = ReadonlyMap<string, number>;

function placesIn(header: string[]): Places {
  const ours = COLUMNS.filter((column) => header.includes(column));
  return new Map(ours.map((column) => [column, header.indexOf(column)]));
}

/** An empty cell is a value that is missing, as is one outside of these cells, which begin at the column `from`. */
function fieldsOf(cells: string[], places: Places, from = 0): object {
  const fields: Record<string, string | string[] | undefined> = {};
  for (const [column, place] of places) {
    const cell = cells[place - from];
    if (cell === undefined || cell === '') fields[column] = undefined;
    else fields[column] = column === 'labels' ? labelsOf(cell) : cell;
  }
  return fields;
}

/** Blanks around a label are dropped, but no line end: by that a quote that is not closed is found. */
function labelsOf(cell: string): string[] {
  // One more than allowed is enough to be refused.
  return cell.split('|', MOST_LABELS + 1).map((label) => (label.includes('\n') ? label : label.trim()));
}

function checkedHeader(cells: string[], file: string): string[] {
  const header = cells.map((cell) => cell.trim());
  const missing = ['certification_id', 'mentor_id'].filter((column) => !header.includes(column));
  if (!header.includes('expires_at') && !header.includes('expires_in_days')) missing.push('expires_at');
  if (missing.length > 0) {
    throw new ImportError(
      `${file}: the header lacks ${missing.join(', ')}; it must name certification_id, mentor_id, expires_at` +
        separatorHint(cells.join()),
    );
  }
  const seen = new Set<string>();
  for (const column of header) {
    // Columns without a name are what spreadsheets leave at the end of a row.
    if (column !== '' && seen.has(column)) {
      throw new ImportError(`${file}: the header names the column ${quoted(column)} twice`);
    }
    seen.add(column);
  }
  return header;
}

/** Whoever has a comma in the header knows the separator: what else is there is a part of a name. */
function separatorHint(header: string): string {
  const other = header.includes(',') ? undefined : /[;\t|]/.exec(header)?.[0];
  if (other === undefined) return '';
  return `; is the separator a comma? This header seems to use ${other === '\t' ? 'tabs' : other}`;
}
