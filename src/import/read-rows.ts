import type { Outcome } from './outcome.js';
import { MOST_CHARACTERS, type TextLine } from './read-lines.js';
import { recordInside, type HoldsRecord } from './record-inside.js';
import { scanRow, type OpenRow } from './scan-row.js';

/** What the cells of a row are. */
export type Judged<T> = Outcome<T> | { header: string[] };

/** Tells rows from one another. */
export interface RowReader<T> {
  judge: (cells: string[]) => Judged<T>;
  /** Asked below the header alone. */
  holdsRecord: HoldsRecord;
}

/** A row with the line where it begins; a bad one with the text of that line as well. */
export type Row<T> = { line: number } & (
  { record: T } | { header: string[] } | { fault: string; text: string }
);

const NOT_CLOSED = 'opens a quote that is not closed';
/** Short lines take more memory than their characters. */
const MOST_LINES = 10_000;

/**
 * The rows of CSV. A row may go on over line ends inside quotes, but only one that is good as a whole, and has no record
 * inside its quotes, does so: otherwise its first line is reported, and reading goes on with the line behind that. So a stray
 * quote costs its own row alone, wherever the next one is.
 *
 * The time is linear: a row that goes on takes a line with an odd number of quotes for its end or for its fault, so the
 * lines between hold an even number, and none of them leaves a quote open when it is read again.
 */
export async function* readRows<T>(
  lines: AsyncIterable<TextLine>,
  reader: RowReader<T>,
): AsyncGenerator<Row<T>> {
  let begun: BegunRow | undefined;

  function* take(line: number, text: string): Generator<Row<T>> {
    if (begun === undefined) {
      yield* begin(line, text);
      return;
    }
    begun.characters += text.length + 1;
    if (begun.texts.length === MOST_LINES || begun.characters > MOST_CHARACTERS) {
      yield* giveUp(`${NOT_CLOSED} within ${MOST_LINES} lines or ${MOST_CHARACTERS} characters`);
      yield* take(line, text);
      return;
    }
    const scanned = scanRow(text, begun.open);
    if ('open' in scanned) {
      begun.texts.push(text);
      begun.open = scanned.open;
      return;
    }
    const texts = [...begun.texts, text];
    const judged =
      'fault' in scanned ? scanned : judgeWhole(scanned.cells, { line: begun.line, texts }, reader);
    if ('fault' in judged) {
      yield* giveUp(`${judged.fault} (read as a row of ${texts.length} lines)`);
      yield* take(line, text);
      return;
    }
    yield { line: begun.line, ...judged };
    begun = undefined;
  }

  function* begin(line: number, text: string): Generator<Row<T>> {
    if (text.trim() === '') return;
    const scanned = scanRow(text);
    if ('open' in scanned) {
      begun = { line, texts: [text], characters: text.length, open: scanned.open };
      return;
    }
    const judged = 'fault' in scanned ? scanned : reader.judge(scanned.cells);
    yield 'fault' in judged ? { line, text, ...judged } : { line, ...judged };
  }

  function* giveUp(fault: string): Generator<Row<T>> {
    if (begun === undefined) return;
    const { line, texts } = begun;
    begun = undefined;
    yield { line, fault, text: texts[0] ?? '' };
    for (let index = 1; index < texts.length; index++) yield* take(line + index, texts[index] ?? '');
  }

  for await (const next of lines) {
    if ('text' in next) {
      yield* take(next.line, next.text);
    } else {
      yield* giveUp(NOT_CLOSED);
      yield { ...next, text: '' };
    }
  }
  yield* giveUp(NOT_CLOSED);
}

/** A row with an open quote: the lines that it has so far, to be read again when it turns out to be none. */
interface BegunRow {
  line: number;
  texts: string[];
  characters: number;
  open: OpenRow;
}

/** Judges a row over several lines: one that may as well be several rows is none. */
function judgeWhole<T>(
  cells: string[],
  { line, texts }: { line: number; texts: string[] },
  { judge, holdsRecord }: RowReader<T>,
): Judged<T> {
  const judged = judge(cells);
  if ('fault' in judged) return judged;
  const width = cells.length;
  // What the rows below a header hold is not known yet; whatever fits it may be one.
  const fits: HoldsRecord = (some) => some.length === width;
  const inside = recordInside(texts, width, 'header' in judged ? fits : holdsRecord);
  if (inside === undefined) return judged;
  return { fault: `is ambiguous: line ${line + inside} inside its quotes is a record by itself` };
}
