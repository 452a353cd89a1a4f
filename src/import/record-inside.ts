import { scanRow } from './scan-row.js';

/** Whether cells hold all that a record needs; the first is that of the column `from`. */
export type HoldsRecord = (cells: string[], from: number) => boolean;

/**
 * Looks for a record inside the quotes of a row over several lines. Two stray quotes far apart are a proper row by RFC 4180,
 * whose text would be the records between them; two on neighbouring lines make one record of two. The time is linear.
 * @param texts the lines of a row that is good as a whole
 * @param width the number of its cells
 * @returns the index of a line that is a record by itself, or would be one if its stray quote were an ordinary character
 */
export function recordInside(
  texts: readonly string[],
  width: number,
  holdsRecord: HoldsRecord,
): number | undefined {
  /** Of the cell that the line before has left open. */
  let column = 0;
  let begunByRecord = false;
  for (const [index, text] of texts.entries()) {
    const closing = index === 0 ? undefined : closingQuote(text);
    if (index > 0 && closing === undefined) {
      if (isRecordAlone(text, width, holdsRecord)) return index;
      continue;
    }
    const begin = closing === undefined ? [] : plainCells(text.slice(0, closing)).slice(0, column + 1);
    const { cells, opened } = cellsOf(closing === undefined ? text : text.slice(closing + 1));
    const middle = closing === undefined ? cells : cells.slice(1);
    const nextColumn = column + cells.length;
    const end = opened === undefined ? [] : plainCells(opened).slice(nextColumn - width);
    const hasBegin = closing === undefined || begin.length > column;
    const hasEnd = opened === undefined || end.length === width - nextColumn;
    const isRecord = hasBegin && hasEnd && holdsRecord([...begin, ...middle, ...end], 0);
    if (isRecord && begunByRecord) return index;
    // What stands inside the quotes may hold all that a record needs: then it does not matter what is outside.
    if (hasBegin && holdsRecord(begin, 0)) return index;
    if (hasEnd && holdsRecord(end, nextColumn)) return index;
    begunByRecord = isRecord;
    column = nextColumn;
  }
  return undefined;
}

/** Two quotes inside a value stand for one, and do not close it. */
function closingQuote(text: string): number | undefined {
  let at = text.indexOf('"');
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? undefined : at;
}

function isRecordAlone(text: string, width: number, holdsRecord: HoldsRecord): boolean {
  const { cells, opened } = cellsOf(text);
  const readings = opened === undefined ? [cells, plainCells(text)] : [plainCells(text)];
  return readings.some((each) => each.length === width && holdsRecord(each, 0));
}

/** The cells of a text, and what the last one holds if it is left open. */
function cellsOf(text: string): { cells: string[]; opened?: string } {
  const scanned = scanRow(text);
  if ('open' in scanned) return { cells: scanned.open.cells, opened: scanned.open.cell };
  return { cells: 'cells' in scanned ? scanned.cells : [] };
}

/** The cells of a text whose quotes mean nothing. */
function plainCells(text: string): string[] {
  return text
    .replaceAll('"', '')
    .split(',')
    .map((cell) => cell.trim());
}
